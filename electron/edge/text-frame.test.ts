import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrame } from './text-frame.ts';

test('[SOCK16] what is written once for many is a frame that a client reads, at every length of its header', async () => {
  const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000];
  const texts = lengths.flatMap(length => ['x'.repeat(length), `${'x'.repeat(Math.max(0, length - 2))}ñ`]);
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  onTestFinished(() => server.close());
  server.on('connection', (socket, request) => {
    // Between frames of `ws` itself, as it happens with a heartbeat.
    for (const text of texts) {
      request.socket.write(textFrame(text));
      socket.ping();
    }
    socket.close(4000);
  });
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const heard: string[] = [];
  client.on('message', (data, isBinary) => void heard.push(isBinary ? 'binary' : data.toString()));
  const [code] = await once(client, 'close');
  expect(code).toBe(4000);
  expect(heard.map(text => text.length)).toEqual(texts.map(text => text.length));
  expect(heard).toEqual(texts);
});
