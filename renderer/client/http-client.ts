/** The routes that are not for a socket: pairing, and photos and files as raw bodies. A failure is a value; nothing here throws. */
import type * as z from 'zod/mini';
import { read, readErrorBody, readJson } from '../../protocol/codec.ts';
import { codeOf, type Failure, fail, ok, type Result } from '../../protocol/errors.ts';
import { type ChatFile, fileReply } from '../../protocol/file.ts';
import type { Photo } from '../../protocol/photo.ts';
import { type PairReply, type PairRequest, pairReply } from '../../protocol/session.ts';
import { visitRequests } from '../../protocol/visit-requests.ts';
import { type Answer, type Body, exchange } from './exchange.ts';
import { httpUrl } from './socket.ts';

interface Sent {
  /** UUID of the sender's own making: the same one again never makes a second one. */
  id: string;
  blob: Blob;
  /** Lower-case hexadecimal, of `blob`. */
  sha256?: string | undefined;
  /** Bytes. */
  onProgress?: ((sent: number, total: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface Upload extends Sent {
  shot?: string | null | undefined;
  /** From an integration only. */
  idPersona?: string | undefined;
}

/** A file for a conversation that the sender is a member of. */
export interface FileUpload extends Sent {
  conversationId: string;
  name: string;
}

export interface HttpClient {
  pair(body: PairRequest): Promise<Result<PairReply>>;
  /** `ok` only once the photo is safe on the server's disk. */
  uploadPhoto(upload: Upload): Promise<Result<Photo>>;
  /** `ok` only once the file is safe on the server's disk; a message that names its `url` is still to be sent. */
  uploadFile(upload: FileUpload): Promise<Result<ChatFile>>;
  /** Bytes of what stands under that path; `null` where nobody says. */
  sizeOf(path: string): Promise<number | null>;
  /** A path such as `photo.urls.thumb`, fetched with the token. */
  fetchBlob(path: string, signal?: AbortSignal): Promise<Result<Blob>>;
  /** Everything of one person, as a ZIP. `expected` is an estimate. */
  exportPerson(
    idPersona: string,
    options: { onReceived?: (received: number, expected: number | null) => void; signal?: AbortSignal },
  ): Promise<Result<Blob>>;
}

/** What our own pages ask besides: any other route, its answer read by a shape. */
export interface JsonClient {
  /** `timeout` in milliseconds. */
  getJson<S extends z.ZodMiniType>(path: string, schema: S, timeout?: number): Promise<Result<z.output<S>>>;
  postJson<S extends z.ZodMiniType>(path: string, body: unknown, schema: S): Promise<Result<z.output<S>>>;
}

/** Milliseconds for an answer without a large body. */
const answerWithin = 20_000;

/** `url` as for createWebSocketClient. */
export function createHttpClient(options: { token?: string; url?: string } = {}): HttpClient & JsonClient {
  const base = httpUrl(options.url);
  const authorization: Record<string, string> = options.token ? { Authorization: `Bearer ${options.token}` } : {};

  const call = async (method: string, path: string, body: Body = {}): Promise<Result<Answer>> => {
    const url = addressIn(base, path);
    if (url === null) return fail('invalid_message', 'Esa dirección no es de este mostrador.');
    return exchange(method, url, { ...body, headers: { ...authorization, ...body.headers } });
  };

  const put = (what: string, { id, blob, sha256, onProgress, signal }: Sent, query: URLSearchParams) => {
    const search = query.toString();
    const headers: Record<string, string> = { 'Content-Type': blob.type || 'application/octet-stream' };
    if (sha256) headers['X-Content-SHA256'] = sha256;
    const path = `api/${what}/${encodeURIComponent(id)}${search && `?${search}`}`;
    return call('PUT', path, { headers, body: blob, onProgress, signal });
  };

  const postJson: JsonClient['postJson'] = async (path, body, schema) => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await call('POST', path, { headers, body: JSON.stringify(body), timeout: answerWithin });
    return readAnswer(answer, schema);
  };

  return {
    pair: body => postJson('api/pair', body, pairReply),

    async uploadPhoto({ shot, idPersona, ...sent }) {
      const query = new URLSearchParams();
      if (shot) query.set('shot', shot);
      if (idPersona !== undefined) query.set('idPersona', idPersona);
      const reply = await readAnswer(await put('photos', sent, query), visitRequests.photos.get.reply);
      return reply.ok ? ok(reply.value.photo) : reply;
    },

    async uploadFile({ conversationId, name, ...sent }) {
      const query = new URLSearchParams({ conversation_id: conversationId, name });
      const reply = await readAnswer(await put('files', sent, query), fileReply);
      return reply.ok ? ok(reply.value.file) : reply;
    },

    async sizeOf(path) {
      const answer = await call('HEAD', path, { timeout: answerWithin });
      return answer.ok && answer.value.status === 200 ? answer.value.length : null;
    },

    async fetchBlob(path, signal) {
      return readBlob(await call('GET', path, { signal, timeout: answerWithin }));
    },

    async exportPerson(idPersona, options) {
      return readBlob(await call('GET', `api/people/${encodeURIComponent(idPersona)}/export`, options));
    },

    async getJson(path, schema, timeout = answerWithin) {
      return readAnswer(await call('GET', path, { timeout }), schema);
    },

    postJson,
  };
}

/** `null` for what lies elsewhere, or is no address: what somebody else wrote may name any, and the token would go along. */
function addressIn(base: string, path: string): string | null {
  try {
    const url = new URL(path.replace(/^\//, ''), base);
    return url.origin === new URL(base).origin ? url.href : null;
  } catch {
    return null;
  }
}

async function readBlob(answer: Result<Answer>): Promise<Result<Blob>> {
  if (!answer.ok) return answer;
  const { status, blob } = answer.value;
  return status === 200 ? ok(blob) : failureOf(status, await blob.text());
}

async function readAnswer<S extends z.ZodMiniType>(answer: Result<Answer>, schema: S): Promise<Result<z.output<S>>> {
  if (!answer.ok) return answer;
  const { status, blob } = answer.value;
  const text = await blob.text();
  if (status < 200 || status > 299) return failureOf(status, text);
  const json = readJson(text);
  const reply = json.ok ? read(schema, json.value) : json;
  return reply.ok ? reply : fail(reply.error.code, reply.error.message, { ...reply.error.details, foreign: true });
}

/** What the server said; else a failure by the status alone, for a proxy or a page in between. */
function failureOf(status: number, text: string): Result<never> {
  const json = readJson(text);
  const told = json.ok ? readErrorBody(json.value) : null;
  if (told) return { ok: false, error: told };
  const code = status >= 500 ? 'unavailable' : (codeOf(status) ?? 'invalid_message');
  return fail(code, `El servidor respondió ${status}.`, { status, foreign: true });
}

/**
 * Whether somebody else answered: the page of a public Wi-Fi, or what has the desk's address in the network that the phone is in now. It
 * says nothing of the desk, which may be back. A body that a proxy in between finds too large is no less so the next time.
 */
export function isForeign({ code, details }: Failure): boolean {
  return details?.foreign === true && code !== 'too_large';
}
