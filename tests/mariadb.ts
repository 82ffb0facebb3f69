/**
 * A MariaDB of the tests' own: its files in a temporary folder, its port on this machine alone. `MYSQLD=/usr/sbin/mysqld npm test`
 * takes MySQL's own server instead.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { Database } from '../electron/store/chat/mysql-chat.ts';

export interface MariaDb {
  port: number;
  /** Runs SQL as its administrator, several statements at once. */
  sql(text: string, database?: string): Promise<Record<string, unknown>[]>;
  /** An empty database of a new name. */
  database(): Promise<Database>;
  start(): Promise<void>;
  /** As a power cut would. */
  kill(): Promise<void>;
  /** Ends it and removes its files. */
  remove(): Promise<void>;
}

const mysql = process.env.MYSQLD;
const server = mysql ?? onPath('mariadbd', '/usr/sbin');
const install = mysql ?? onPath('mariadb-install-db');

/** Why there is none here; `null` where there is. */
export const noMariaDb =
  server && install ? null : 'MariaDB is not installed (npm run test:setup, or on Debian: apt install mariadb-server)';

/** It knows its administrator by the name `localhost` alone, and wants no folder of the system's. */
const forMysql = ['--innodb-redo-log-capacity=8M', '--mysqlx=OFF', '--secure-file-priv=NULL'];

export async function mariaDb(): Promise<MariaDb> {
  const folder = mkdtempSync(join(tmpdir(), 'mostrador-mariadb-'));
  const data = join(folder, 'data');
  const { username } = userInfo();
  const made = spawnSync(
    install ?? '',
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--user=${username}`,
      ...(mysql ? ['--initialize-insecure'] : ['--auth-root-authentication-method=normal', '--skip-test-db']),
    ],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`${made.stdout}${made.stderr}`);
  const port = await freePort();
  let child: ChildProcess | null = null;
  let ended = Promise.resolve();
  let names = 0;

  const connect = (database?: string) =>
    createConnection({ host: '127.0.0.1', port, user: 'root', database, multipleStatements: true, dateStrings: true });

  async function start(): Promise<void> {
    const options = [
      '--no-defaults',
      `--datadir=${data}`,
      `--user=${username}`,
      `--socket=${join(folder, 's')}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--innodb-buffer-pool-size=16M',
      ...(mysql ? forMysql : ['--innodb-log-file-size=8M', '--skip-name-resolve']),
    ];
    const started = spawn(server ?? '', options, { stdio: ['ignore', 'ignore', 'pipe'] });
    child = started;
    ended = new Promise(resolve => started.once('close', () => resolve()));
    await new Promise<void>((resolve, reject) => {
      let said = '';
      started.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('ready for connections')) resolve();
      });
      started.once('close', () => reject(new Error(said)));
    });
  }

  async function kill(): Promise<void> {
    child?.kill('SIGKILL');
    await ended;
    child = null;
  }

  async function sql(text: string, database?: string): Promise<Record<string, unknown>[]> {
    const connection = await connect(database);
    try {
      const [rows] = await connection.query(text);
      return Array.isArray(rows) ? rows.map(row => ({ ...row })) : [];
    } finally {
      await connection.end();
    }
  }

  await start();
  return {
    port,
    sql,
    start,
    kill,
    async database() {
      const name = `chat_${++names}`;
      await sql(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
      return { host: '127.0.0.1', port, user: 'root', password: '', name };
    },
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

function onPath(program: string, ...more: string[]): string | null {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...more]) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
}
