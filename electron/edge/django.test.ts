/** How Django is asked, and for how long what it said counts. (CONTRACT 2: DJANGO_AUTH_SCHEME; CONTRACT 5, S2.) */
import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createDjango } from './django.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A Django whose answers a test decides; `asked` are the `Authorization` headers that it got. */
async function open(scheme = 'Token') {
  const asked: (string | undefined)[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end('{"id": 7, "role": "cliente"}');
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  let now = 1_000_000;
  const settings = { baseUrl: `http://127.0.0.1:${port}/`, scheme, timeoutMs: 1_000 };
  return {
    asked,
    django: createDjango(settings, () => now),
    pass(ms: number) {
      now += ms;
    },
    say(next: number) {
      status = next;
    },
  };
}

test('[S2R20] DJANGO_AUTH_SCHEME is the word before the token', async () => {
  const { django, asked } = await open('Bearer');
  expect(await django.profile('abc')).toMatchObject({ ok: true, value: { id: 7 } });
  expect(asked).toEqual(['Bearer abc']);
});

test('[S2R21] what Django said counts for 60 s and not longer, a refusal too', async () => {
  for (const status of [200, 401]) {
    const { django, asked, pass, say } = await open();
    say(status);
    const isOk = status === 200;
    expect(await django.profile('abc')).toMatchObject({ ok: isOk });
    // Django thinks otherwise from here on; nobody asks it yet.
    say(isOk ? 401 : 200);
    pass(59_999);
    expect(await django.profile('abc')).toMatchObject({ ok: isOk });
    expect(asked).toHaveLength(1);
    pass(1);
    expect(await django.profile('abc')).toMatchObject({ ok: !isOk });
    expect(asked).toHaveLength(2);
    // Each token has its own time.
    await django.profile('other');
    expect(asked).toEqual(['Token abc', 'Token abc', 'Token other']);
  }
});

test('[S2R21] that it is away is not kept for a moment', async () => {
  const { django, asked, say } = await open();
  say(503);
  expect(await django.profile('abc')).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  say(200);
  expect(await django.profile('abc')).toMatchObject({ ok: true });
  expect(asked).toHaveLength(2);
});
