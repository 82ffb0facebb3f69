/** The declarations that the desk serves beside the SDK, as TypeScript itself takes them. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientDeclarations, s2Declarations } from '../electron/edge/documents/declarations.ts';
import { events } from '../protocol/events.ts';
import { requests } from '../protocol/requests.ts';

const root = resolve(import.meta.dirname, '..');
let folder: string;
beforeAll(() => {
  // Inside the project, where the sources that they are compared with find their own types.
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'mostrador-sdk-types-'));
  writeFileSync(join(folder, 'mostrador-client.d.ts'), clientDeclarations());
  writeFileSync(join(folder, 'mostrador-s2-client.d.ts'), s2Declarations());
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the compiler has against a program in that folder; nothing of ours is in its way but what it imports. */
async function compile(name: string, program: string): Promise<string> {
  writeFileSync(join(folder, name), program);
  const tsconfig = { extends: join(root, 'tsconfig.json'), compilerOptions: { types: [] }, include: [], files: [name] };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(tsconfig));
  const tsc = join(root, 'node_modules/typescript/lib/tsc.js');
  const child = spawn(process.execPath, [tsc, '-p', join(folder, `${name}.json`)], { cwd: root });
  let said = '';
  child.stdout.on('data', text => {
    said += text;
  });
  await new Promise(done => child.once('close', done));
  return said;
}

test('[SDKS11] a program in TypeScript compiles against the served declarations alone, and its mistakes are found', async () => {
  const good = `
    import { createHttpClient, createWebSocketClient, type Photo, RequestError } from './mostrador-client.js';
    import { createClient } from './mostrador-s2-client.js';
    const desk = createWebSocketClient('token', { url: 'http://127.0.0.1:8080' });
    desk.on('photo_received', ({ photo }) => show(photo));
    const show = (photo: Photo): string | null => photo.idPersona;
    export async function main(): Promise<number> {
      const { session } = await desk.send('sessions', 'create', { idPersona: 'DNI-1', shots: ['Anverso'] });
      const url: string | undefined = session.qr?.url;
      try {
        const { photos, next } = await desk.send('photos', 'list', { session_id: session.id });
        return photos.length + (next === null ? 0 : 1) + (url?.length ?? 0);
      } catch (error) {
        return error instanceof RequestError && error.code === 'rate_limited' ? 0 : 1;
      }
    }
    const sent = await createHttpClient({ token: 't' }).uploadPhoto({ id: 'x', blob: new Blob() });
    export const ofThePage = createHttpClient();
    export const bytes: number = sent.ok ? sent.value.bytes : 0;
    const client = createClient('c1', 'cliente', 'token');
    client.on('event', ({ type, data, from }) => console.log(type.length, data, from));
    client.createReservation({ clienteId: 'c1', monto: 20 });
  `;
  expect(await compile('good.ts', good)).toBe('');
  const bad = `
    import { createWebSocketClient } from './mostrador-client.js';
    import { createClient } from './mostrador-s2-client.js';
    const desk = createWebSocketClient('token');
    export const text: string = (await desk.send('photos', 'get', { photo_id: 'x' })).photo.bytes;
    desk.on('photo_received', ({ picture }) => picture);
    createClient('c1', 'phone', 'token');
  `;
  const found = await compile('bad.ts', bad);
  expect([...found.matchAll(/bad\.ts\((\d+),/g)].map(([, line]) => line)).toEqual(['5', '6', '7']);
});

test('[SDKS11] the declarations are those of the sources, request by request and event by event', async () => {
  const lines = [
    `import type * as Told from './mostrador-client.js';`,
    `import type * as Real from '${root}/renderer/client/index.ts';`,
    `import { createHttpClient, createWebSocketClient, RequestError } from '${root}/renderer/client/index.ts';`,
    `import { createClient } from '${root}/renderer/client/s2.ts';`,
    `import type * as ToldS2 from './mostrador-s2-client.js';`,
    'type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;',
    'export const error: typeof Told.RequestError = RequestError;',
    'export const http: typeof Told.createHttpClient = createHttpClient;',
    'export const s2: typeof ToldS2.createClient = createClient;',
    'export const calls: Same<keyof Told.HttpClient, keyof Real.HttpClient> = true;',
    'export const timing: Same<Told.Timing, Real.Timing> = true;',
    'type Client = Omit<Told.MostradorClient, "send" | "on">;',
    'export const socket: (token: string, options?: Told.ClientOptions) => Client = createWebSocketClient;',
  ];
  const pairs = [
    ...Object.entries(requests).flatMap(([resource, actions]) =>
      Object.keys(actions).flatMap(action => ['Input', 'Reply'].map(what => `${what}<'${resource}', '${action}'>`)),
    ),
    ...Object.keys(events).map(event => `EventData<'${event}'>`),
    ...[
      'Session',
      'Photo',
      'PairReply',
      'PairRequest',
      'ChatFile',
      'ErrorCode',
      'Failure',
      'ConnectionState',
      'EventMeta',
    ],
  ];
  for (const type of pairs)
    lines.push(
      `export const a${lines.length}: Same<Told.${type}, Real.${type}> | '${type.replaceAll("'", '')}' = true;`,
    );
  expect(pairs.length).toBeGreaterThan(100);
  expect(await compile('same.ts', lines.join('\n'))).toBe('');
});
