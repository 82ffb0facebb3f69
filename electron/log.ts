/** The log: JSON lines in the data folder, bounded in size, and short lines for people where there is a terminal. */
import { join } from 'node:path';
import pino from 'pino';
import roll from 'pino-roll';
import type { LogLevel } from './config.ts';
import { redact, redactText } from './log-redaction.ts';
import { makeFolder } from './make-folder.ts';

export interface AppLog {
  log: pino.Logger;
  /** Writes out what is waiting and closes the file. Later lines are dropped. */
  stop(): Promise<void>;
}

/** Four files of 10 MB besides the one in use; 4 MB waiting in memory while the disk takes nothing. */
const bounds = { size: '10m', limit: { count: 4, removeOtherLogFiles: true }, maxLength: 4 * 1024 * 1024 };

/**
 * @param options.dir the data folder; lines go to `logs/mostrador.N.log` in it.
 * @param options.console where short lines for people go (`process.stderr`), or `null`.
 * @param options.consoleLevel the least level of them; by default that of the log.
 * @throws when the folder cannot be written at the start. Later failures (a full disk) lose lines and nothing else.
 */
export async function createLog(options: {
  level: LogLevel;
  dir: string;
  console: { write(text: string): unknown } | null;
  consoleLevel?: Exclude<LogLevel, 'silent'>;
}): Promise<AppLog> {
  const folder = join(options.dir, 'logs');
  makeFolder(folder);
  // Written at once, so that the last lines before a crash are there; a line costs microseconds.
  const file = await roll({ file: join(folder, 'mostrador'), extension: '.log', mode: 0o600, sync: true, ...bounds });
  // Without a listener a full disk would end the program; what waits for it is bounded by `maxLength`, then lines are lost.
  file.on('error', () => {});
  const streams: pino.StreamEntry[] = [{ level: 'trace', stream: file }];
  if (options.console) streams.push({ level: options.consoleLevel ?? 'trace', stream: forPeople(options.console) });
  const log = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: label => ({ level: label }),
        log: data => asObject(redact(data)),
      },
      // `formatters.log` has already made a plain object of an error.
      serializers: { err: error => error },
      hooks: {
        logMethod(args, method) {
          method.apply(this, args.map(arg => (typeof arg === 'string' ? redactText(arg) : arg)) as typeof args);
        },
      },
    },
    pino.multistream(streams),
  );
  // Pino passes a child's bindings through no formatter. Children inherit this, as they do the rest of their parent.
  const makeChild = log.child;
  Object.defineProperty(log, 'child', {
    value(this: pino.Logger, bindings: pino.Bindings, options?: pino.ChildLoggerOptions) {
      return Reflect.apply(makeChild, this, [asObject(redact(bindings)), options]);
    },
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= new Promise(resolve => {
      log.level = 'silent';
      file.once('close', () => resolve());
      // A disk that takes nothing more must not hold up the end of the program.
      setTimeout(resolve, 500).unref();
      file.end();
    });
    return stopped;
  };
  return { log, stop };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** `12:30:05 warn  port 8080 is taken  port=8080` */
function forPeople(out: { write(text: string): unknown }): { write(line: string): void } {
  return {
    write(line) {
      const { time, level, msg, err, ...rest } = asObject(JSON.parse(line));
      const failure = asObject(err).message;
      const details = Object.entries(failure === undefined ? rest : { ...rest, err: failure })
        .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(' ');
      const clock = new Date(String(time)).toTimeString().slice(0, 8);
      out.write(`${clock} ${String(level).padEnd(5)} ${msg ?? ''}${details ? `  ${details}` : ''}\n`);
    },
  };
}
