/**
 * Electron's adapter for the processes of ours. `child_process.fork` is of no use here: it would run our own executable as Node,
 * which the packed app's RunAsNode fuse forbids.
 */
import { basename } from 'node:path';
import { utilityProcess } from 'electron';
import type { Log } from '../core/ports.ts';
import { workerEnvironment } from '../processes/environment.ts';
import type { ForkWorker } from '../processes/handle.ts';

/**
 * @param script the built worker. In the packed app its unpacked copy is run: one that loads native libraries cannot open them
 *   inside `app.asar`.
 */
export function utilityWorker(script: string, log: Log): ForkWorker {
  const outside = script.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
  const name = basename(script);
  return () => {
    const child = utilityProcess.fork(outside, [], {
      serviceName: `Mostrador ${basename(script, '.js')}`,
      stdio: ['ignore', 'ignore', 'pipe'],
      execArgv: [],
      env: workerEnvironment(),
    });
    // V8's own end, such as no memory left. Without a listener this event would be thrown in the server's process; `exit` follows it.
    child.on('error', (type, location) => log.error({ process: name, type, location }, 'a process of ours: error'));
    let said = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString('utf8')).slice(0, 2000);
    });
    return {
      post: message => child.postMessage(message),
      onMessage: listener => {
        child.on('message', listener);
      },
      onExit: listener => {
        child.once('exit', () => {
          if (said) log.warn({ process: name, stderr: said }, 'a process of ours: its last words');
          listener();
        });
      },
      kill: () => {
        // Its own `kill` asks with SIGTERM, and a decoder at work may not listen. Before it runs it has no pid.
        if (child.pid !== undefined) endAtOnce(child.pid);
        else child.once('spawn', () => child.pid !== undefined && endAtOnce(child.pid));
      },
    };
  };
}

function endAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
}
