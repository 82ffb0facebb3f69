/** For the desk page's tests: the desk in Chromium, and phones that speak HTTP. */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import * as z from 'zod/mini';
import { read } from '../../protocol/codec.ts';
import { type Photo, photo } from '../../protocol/photo.ts';
import { pairReply } from '../../protocol/session.ts';
import type { Place } from './place.ts';

export interface DeskPage {
  context: BrowserContext;
  page: Page;
  /** What a developer would see in red, and requests that went to another machine. */
  complaints: string[];
}

export async function openPage(
  browser: Browser,
  place: Pick<Place, 'localUrl' | 'token'>,
  options: BrowserContextOptions & { signedIn?: boolean } = {},
): Promise<DeskPage> {
  const { signedIn = true, ...more } = options;
  const context = await browser.newContext({
    viewport: { width: 1920, height: 1080 },
    reducedMotion: 'reduce',
    ...more,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('request', asked => {
    if (!asked.url().startsWith(place.localUrl) && !/^(blob|data):/.test(asked.url())) complaints.push(asked.url());
  });
  await page.goto(`${place.localUrl}/kiosk${signedIn ? `#token=${place.token}` : ''}`);
  if (signedIn) await page.locator('[data-testid=connection][data-state=connected]').waitFor();
  return { context, page, complaints };
}

const anAnswer = z.object({ photo });

/** A visitor's phone, as the server sees one: it pairs with the code on the screen and sends raw bodies. */
export async function pairPhone(place: Place, code: string) {
  const answer = await fetch(`${place.localUrl}/api/pair`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36',
    },
    body: JSON.stringify({ code, claim: randomBytes(16).toString('hex') }),
  });
  const reply = read(pairReply, await answer.json());
  if (!reply.ok) throw new Error(reply.error.message);
  const { phone_token } = reply.value;
  const headers = { Authorization: `Bearer ${phone_token}`, 'Content-Type': 'image/jpeg' };

  return {
    session: reply.value.session,
    token: phone_token,

    /** `shot`: which of those asked for it is. */
    async send(image: Buffer, shot = ''): Promise<Photo> {
      const asked = shot && `?${new URLSearchParams({ shot })}`;
      const put = await fetch(`${place.localUrl}/api/photos/${randomUUID()}${asked}`, {
        method: 'PUT',
        headers,
        body: new Uint8Array(image),
      });
      const body: unknown = await put.json();
      const found = read(anAnswer, body);
      if (!found.ok) throw new Error(`${put.status} ${JSON.stringify(body)}`);
      return found.value.photo;
    },

    /** Sends the first half, and waits with the rest until `finish` is called. */
    async sendHalf(image: Buffer, id: string = randomUUID()) {
      const put = request(`${place.localUrl}/api/photos/${id}`, {
        method: 'PUT',
        headers: { ...headers, 'Content-Length': image.length },
      });
      const half = Math.floor(image.length / 2);
      put.write(image.subarray(0, half));
      return {
        id,
        async finish(): Promise<number> {
          const answered = once(put, 'response');
          put.end(image.subarray(half));
          const [response] = await answered;
          response.resume();
          return response.statusCode;
        },
      };
    },
  };
}
