/** A raw body as it comes, for what is streamed to the disk. */
import type { Request } from 'express';

/** It is cut off after so long without a byte, in milliseconds. */
const bodySilence = 20_000;

/** The request's bytes; throws when none came for too long, which ends the upload as an incomplete one. */
export async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  const cut = () => request.destroy(new Error('no bytes for too long'));
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
