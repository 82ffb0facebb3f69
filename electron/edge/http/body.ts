/** A raw body as it comes, for what is streamed to the disk. */
import type { Request } from 'express';
import { tooSlow } from './answer.ts';

/** It is cut off after so long without a byte, in milliseconds. */
const bodySilence = 20_000;

/** The request's bytes; throws when none came for too long, which ends the upload as an incomplete one. Its sender is told. */
export async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  const cut = () => {
    const { res: response } = request;
    const end = () => void request.destroy(new Error('no bytes for too long'));
    if (!response || response.headersSent) return end();
    // Not by way of `refuse`, which would wait for the rest of the body.
    response.once('close', end).status(408).set('Connection', 'close').json({ error: tooSlow });
  };
  let timer = setTimeout(cut, bodySilence);
  try {
    // Left early, the request has to stay: its sender is still to be answered.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      clearTimeout(timer);
      timer = setTimeout(cut, bodySilence);
      yield chunk;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** What the sender says the body's size is, in bytes. */
export function lengthOf(request: Request): number | null {
  const length = request.headers['content-length'];
  return length === undefined ? null : Number(length);
}
