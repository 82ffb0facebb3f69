import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Photo } from '../../protocol/photo.ts';
import { isForeign } from './http-client.ts';
import { createHttpClient } from './index.ts';
import { httpUrl, socketUrl } from './socket.ts';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

let server: Server;
let url: string;
let seen: Seen[];
let answer: { status: number; type: string; body: string | Buffer };

beforeEach(async () => {
  seen = [];
  answer = { status: 200, type: 'application/json', body: '{}' };
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(chunks) });
    response
      .writeHead(answer.status, { 'Content-Type': answer.type, 'Content-Length': Buffer.byteLength(answer.body) })
      .end(answer.body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => new Promise(resolve => server.close(resolve)));

const id = '2f1a6c1e-5d3b-4c43-9a51-0a4c0c2b7a11';
const photo: Photo = {
  id,
  idPersona: '…456',
  session_id: 's1',
  mime: 'image/jpeg',
  width: 1,
  height: 1,
  bytes: 3,
  sha256: 'a'.repeat(64),
  stored_sha256: null,
  status: 'received',
  reason: null,
  shot: 'DNI anverso',
  received_at: '2026-01-01T00:00:00.000Z',
  urls: { full: `/api/photos/${id}`, thumb: `/api/photos/${id}/thumb` },
};

test('[SDK20] a photo goes out as its raw body with its hash, its shot and the token', async () => {
  answer = { status: 201, type: 'application/json', body: JSON.stringify({ photo }) };
  const blob = new Blob(['jpg'], { type: 'image/jpeg' });
  const sha256 = 'a'.repeat(64);
  const http = createHttpClient({ token: 'secret', url });
  const sent = await http.uploadPhoto({ id, blob, shot: 'DNI anverso', sha256 });
  expect(sent).toEqual({ ok: true, value: photo });
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ method: 'PUT', url: `/api/photos/${id}?shot=DNI+anverso` });
  expect(seen[0]?.headers).toMatchObject({
    authorization: 'Bearer secret',
    'content-type': 'image/jpeg',
    'x-content-sha256': sha256,
  });
  expect(seen[0]?.body.toString()).toBe('jpg');
});

test('[PCHAT13] a file for a conversation goes out with its name, and how much stands under a path is asked without fetching it', async () => {
  const id = '5b0f9c8e-8f7d-4f0a-9a44-2f0f1f9a1c11';
  const conversationId = '5b0f9c8e-8f7d-4f0a-9a44-2f0f1f9a1c12';
  const file = {
    id,
    conversation_id: conversationId,
    name: 'Acta nº 1.pdf',
    mime: 'application/pdf',
    bytes: 5,
    sha256: 'a'.repeat(64),
    created_at: '2026-01-01T00:00:00.000Z',
    url: `/api/files/${id}`,
  };
  answer = { status: 201, type: 'application/json', body: JSON.stringify({ file }) };
  const http = createHttpClient({ token: 'secret', url });
  const blob = new Blob(['%PDF-'], { type: 'application/pdf' });
  const sent = await http.uploadFile({ id, blob, conversationId, name: 'Acta nº 1.pdf', sha256: file.sha256 });
  expect(sent).toEqual({ ok: true, value: file });
  const query = new URL(seen[0]?.url ?? '', url).searchParams;
  expect([query.get('conversation_id'), query.get('name')]).toEqual([conversationId, 'Acta nº 1.pdf']);
  expect(seen[0]).toMatchObject({ method: 'PUT', headers: { 'x-content-sha256': file.sha256 } });
  expect(seen[0]?.body.toString()).toBe('%PDF-');
  answer = { status: 200, type: 'application/pdf', body: 'twelve bytes' };
  expect(await http.sizeOf(file.url)).toBe(12);
  expect(seen[1]).toMatchObject({ method: 'HEAD', headers: { authorization: 'Bearer secret' } });
  answer = { status: 404, type: 'application/json', body: '{}' };
  expect(await http.sizeOf(file.url)).toBeNull();
});

test('[SDK21] what the server says about a refusal arrives as it is', async () => {
  const error = { code: 'expired', message: 'Ese código ya se usó.', details: { reason: 'used' } };
  answer = { status: 410, type: 'application/json', body: JSON.stringify({ error }) };
  const reply = await createHttpClient({ url }).pair({ token: 'T', claim: 'c'.repeat(32) });
  expect(reply).toEqual({ ok: false, error });
  expect(seen[0]?.headers.authorization).toBeUndefined();
});

test('[SDK22] an answer that is none of ours is a failure by its status, never an exception', async () => {
  const http = createHttpClient({ url });
  answer = { status: 502, type: 'text/html', body: '<h1>Bad gateway</h1>' };
  expect(await http.pair({ code: 'K7M9Q2', claim: 'c'.repeat(32) })).toMatchObject({ error: { code: 'unavailable' } });
  answer = { status: 200, type: 'text/html', body: '<h1>Hotel Wi-Fi</h1>' };
  expect(await http.pair({ code: 'K7M9Q2', claim: 'c'.repeat(32) })).toMatchObject({
    error: { code: 'invalid_message' },
  });
  for (const [status, type, body] of [
    [200, 'text/html', '<h1>Hotel Wi-Fi</h1>'],
    [200, 'application/json', '{"login":true}'],
    [401, 'text/html', '<h1>Router</h1>'],
    [404, 'application/json', '{"error":"no such page"}'],
  ] as const) {
    answer = { status, type, body };
    const reply = await http.pair({ code: 'K7M9Q2', claim: 'c'.repeat(32) });
    expect([status, !reply.ok && isForeign(reply.error)]).toEqual([status, true]);
  }
  const error = { code: 'unauthorized', message: 'El token no es válido.' };
  answer = { status: 401, type: 'application/json', body: JSON.stringify({ error }) };
  const own = await http.pair({ code: 'K7M9Q2', claim: 'c'.repeat(32) });
  expect(!own.ok && isForeign(own.error)).toBe(false);
  const nobody = createHttpClient({ url: 'http://127.0.0.1:9' });
  expect(await nobody.pair({ code: 'K7M9Q2', claim: 'c'.repeat(32) })).toMatchObject({
    error: { code: 'unavailable' },
  });
});

test('[SDK23] an image is fetched with the token; an abort is told apart', async () => {
  answer = { status: 200, type: 'image/jpeg', body: Buffer.from([0xff, 0xd8]) };
  const http = createHttpClient({ token: 'secret', url });
  const thumb = await http.fetchBlob(photo.urls.thumb);
  expect(thumb.ok && [thumb.value.type, thumb.value.size]).toEqual(['image/jpeg', 2]);
  expect(seen[0]?.headers.authorization).toBe('Bearer secret');
  const stopped = await http.fetchBlob(photo.urls.thumb, AbortSignal.abort());
  expect(stopped).toMatchObject({ ok: false, error: { details: { aborted: true } } });
});

test('[SDK374] the token goes to no other address than the desk’s, and what is no address is a failure', async () => {
  answer = { status: 200, type: 'image/jpeg', body: 'x' };
  const http = createHttpClient({ token: 'secret', url: 'http://127.0.0.1:9' });
  const { host } = new URL(url);
  for (const path of [`${url}/photo`, `///${host}/photo`, 'http://[', 'data:image/jpeg,x']) {
    expect(await http.fetchBlob(path)).toMatchObject({ ok: false, error: { code: 'invalid_message' } });
  }
  expect(seen).toEqual([]);
  expect((await createHttpClient({ token: 'secret', url }).fetchBlob(`${url}/photo`)).ok).toBe(true);
});

test('[SDK24] the address may be given with http or ws, with or without /ws', () => {
  for (const base of ['http://h:1', 'http://h:1/', 'ws://h:1/ws', 'http://h:1/ws/?x=1']) {
    expect([socketUrl(base), httpUrl(base)]).toEqual(['ws://h:1/ws', 'http://h:1/']);
  }
  expect(socketUrl('https://h/desk')).toBe('wss://h/desk/ws');
  expect(() => socketUrl(undefined)).toThrow(TypeError);
});
