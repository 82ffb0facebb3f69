/**
 * One HTTP request and its whole answer. XMLHttpRequest where there is one, because only it tells how much of a body has
 * gone out; fetch elsewhere.
 */
import { fail, ok, type Result } from '../../protocol/errors.ts';

export interface Answer {
  status: number;
  blob: Blob;
  /** What the server says of its bytes, also where only the head was asked for. */
  length: number | null;
}

export interface Body {
  headers?: Record<string, string>;
  body?: string | Blob;
  /** Milliseconds for the whole exchange. Without it: 30 s without progress where progress is known, else 10 minutes. */
  timeout?: number;
  onProgress?: ((sent: number, total: number) => void) | undefined;
  /** Bytes of the answer so far, and how many the server expects there to be; `null` where it does not say. */
  onReceived?: ((received: number, expected: number | null) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const stalledAfter = 30_000;
const longest = 600_000;

/** Never rejects: no network is `unavailable`, and so is an abort (with `details.aborted`). */
export function exchange(method: string, url: string, options: Body): Promise<Result<Answer>> {
  return typeof XMLHttpRequest === 'undefined' ? byFetch(method, url, options) : byXhr(method, url, options);
}

function byXhr(method: string, url: string, options: Body): Promise<Result<Answer>> {
  return new Promise(resolve => {
    const xhr = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout>;
    const giveUp = () => xhr.abort();
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, options.timeout ?? stalledAfter);
    };
    const settle = (result: Result<Answer>) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', giveUp);
      resolve(result);
    };
    xhr.open(method, url);
    xhr.responseType = 'blob';
    for (const [name, value] of Object.entries(options.headers ?? {})) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = event => {
      if (options.timeout === undefined) watch();
      options.onProgress?.(event.loaded, event.total);
    };
    xhr.onprogress = event => {
      if (options.timeout === undefined) watch();
      const expected = xhr.getResponseHeader('X-Expected-Bytes');
      options.onReceived?.(event.loaded, expected === null ? null : Number(expected));
    };
    xhr.onload = () =>
      settle(
        ok({
          status: xhr.status,
          blob: xhr.response instanceof Blob ? xhr.response : new Blob(),
          length: lengthIn(xhr.getResponseHeader('Content-Length')),
        }),
      );
    xhr.onerror = () => settle(noNetwork());
    xhr.onabort = () => settle(options.signal?.aborted ? aborted() : noNetwork());
    watch();
    if (options.signal?.aborted) {
      settle(aborted());
      return;
    }
    options.signal?.addEventListener('abort', giveUp);
    xhr.send(options.body ?? null);
  });
}

async function byFetch(method: string, url: string, options: Body): Promise<Result<Answer>> {
  const controller = new AbortController();
  const giveUp = () => controller.abort();
  const timer = setTimeout(giveUp, options.timeout ?? longest);
  options.signal?.addEventListener('abort', giveUp);
  try {
    if (options.signal?.aborted) return aborted();
    const { headers = {}, body } = options;
    const response = await fetch(url, { method, headers, body: body ?? null, signal: controller.signal });
    const blob = await response.blob();
    if (body instanceof Blob) options.onProgress?.(body.size, body.size);
    return ok({ status: response.status, blob, length: lengthIn(response.headers.get('Content-Length')) });
  } catch {
    return options.signal?.aborted ? aborted() : noNetwork();
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', giveUp);
  }
}

function lengthIn(header: string | null): number | null {
  return header === null ? null : Number(header);
}

function noNetwork(): Result<never> {
  return fail('unavailable', 'No se pudo llegar al mostrador.');
}

function aborted(): Result<never> {
  return fail('unavailable', 'Cancelado.', { aborted: true });
}
