/** How an HTTP request is answered: the body of an error, and what is done with a body that nobody will read. */
import type { Request, Response } from 'express';
import { type Failure, fail, httpStatus } from '../../../protocol/errors.ts';

/** Of what people have uploaded: a browser can do nothing with it but look at it. (TRUST.) */
export const harmless = {
  'Cache-Control': 'private, no-store',
  'Content-Security-Policy': 'sandbox',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

/** With 408. The same request may well arrive at the next try; by `invalid_message` a phone would give its photo up. */
export const tooSlow = fail('unavailable', 'La petición tardó demasiado en llegar.').error;

/** What is still read of a body that was refused, so that its sender gets to see the answer. */
const drainBytes = 64 * 1024 * 1024;
const drainWithin = 5_000;

/**
 * Answers with the error, after the rest of the body has been let through: a socket closed over unread bytes is reset, and
 * the sender would never learn why. What is beyond all measure is cut off after the answer.
 */
export async function refuse(
  request: Request,
  response: Response,
  error: Failure,
  status: number = httpStatus[error.code],
): Promise<void> {
  const isRead = await drain(request);
  if (response.headersSent || response.destroyed) return;
  if (!isRead) response.set('Connection', 'close');
  if (error.code === 'unauthorized') response.set('WWW-Authenticate', 'Bearer');
  if (error.code === 'rate_limited' || error.code === 'unavailable') {
    const seconds = error.details?.retry_after_s;
    response.set('Retry-After', String(typeof seconds === 'number' ? seconds : 5));
  }
  response.status(status).json({ error });
}

function drain(request: Request): Promise<boolean> {
  if (request.readableEnded || request.complete || request.destroyed) {
    request.resume();
    return Promise.resolve(true);
  }
  return new Promise(resolve => {
    let left = drainBytes;
    const done = (isRead: boolean) => {
      clearTimeout(timer);
      request.off('data', onData);
      resolve(isRead);
    };
    const timer = setTimeout(() => done(false), drainWithin);
    const onData = (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) done(false);
    };
    request.on('data', onData);
    request.once('end', () => done(true));
    request.once('close', () => done(false));
    request.once('error', () => done(false));
  });
}
