/** A process of ours as a child of plain Node. Electron has an adapter of its own: there `child_process.fork` starts another Electron. */
import { fork } from 'node:child_process';
import { basename } from 'node:path';
import type { Log } from '../core/ports.ts';
import { workerEnvironment } from './environment.ts';
import type { ForkWorker } from './handle.ts';

/** `entry` is the built worker (`dist/node/image-worker.js`). What it says on its standard error goes to the log, 2,000 characters at most. */
export function forkNode(entry: string, log: Log): ForkWorker {
  const name = basename(entry);
  return () => {
    const child = fork(entry, [], {
      execArgv: [],
      // Bytes go as they are, as they do in Electron.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: workerEnvironment(),
    });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, 2000);
    });
    // A process that cannot be started gives `error` and no `exit`; one that ends gives `exit`.
    child.on('error', error => log.error({ process: name, error: error.message }, 'a process of ours: error'));
    return {
      post: message => {
        if (child.connected) child.send(message, () => {});
      },
      onMessage: listener => child.on('message', listener),
      onExit: listener => {
        let told = false;
        const end = () => {
          if (told) return;
          told = true;
          if (said) log.warn({ process: name, stderr: said }, 'a process of ours: its last words');
          listener();
        };
        child.once('exit', end);
        child.once('error', () => {
          if (child.pid === undefined) end();
        });
      },
      kill: () => {
        child.kill('SIGKILL');
      },
    };
  };
}
