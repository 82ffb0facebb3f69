/** Folders that this program is not to have, or can have only in part: one line says so, and nothing in them is another after it. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openDriver } from '../../electron/store/driver.ts';
import { databaseFile, openSqlite } from '../../electron/store/sqlite.ts';
import { programs } from './program.ts';

const { start, folder, clean } = programs();
afterEach(clean);

/** Its one line. */
async function refusal(dataDir: string, exitCode: number, lang = 'en'): Promise<string> {
  const server = start(['--lang', lang], { dataDir });
  expect(await server.ended).toMatchObject({ code: exitCode });
  const lines = server.said().trim().split('\n');
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

test('[START450] a database of a newer Mostrador is refused in one line and left as it is, also where this one takes it for damaged', async () => {
  const dataDir = folder();
  const file = databaseFile(dataDir);
  openSqlite(file).close();
  const driver = openDriver(file);
  driver.exec('PRAGMA user_version = 99');
  driver.close();
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xee, 8_192, 12_288));
  expect(await refusal(dataDir, 1, 'es')).toMatch(
    /un Mostrador más nuevo: formato 99, este conoce el \d+; .*actualice/,
  );
  expect(await refusal(dataDir, 1)).toMatch(/a newer Mostrador made it: format 99, this one knows \d+; .*update/);
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect(readdirSync(dataDir).filter(name => name.startsWith('mostrador.db'))).toEqual(['mostrador.db']);
});

test('[START451] what lies in the data folder and cannot be used is named in one line, with exit code 2', async () => {
  const dataDir = folder();
  writeFileSync(join(dataDir, 'photos'), '');
  expect(await refusal(dataDir, 2)).toContain(join(dataDir, 'photos'));
  rmSync(join(dataDir, 'photos'));
  writeFileSync(join(dataDir, 'secret.key'), 'half a k');
  expect(await refusal(dataDir, 2)).toContain(`${join(dataDir, 'secret.key')} is damaged`);
  expect(readFileSync(join(dataDir, 'secret.key'), 'utf8')).toBe('half a k');
});

test('[CONF450] a settings.json that is there and cannot be read ends the start: without it photos would be kept for another time', async () => {
  const dataDir = folder();
  mkdirSync(join(dataDir, 'settings.json'));
  expect(await refusal(dataDir, 2)).toContain(`${join(dataDir, 'settings.json')} cannot be read (EISDIR)`);
});
