/** The Django API that vouches for S2's users: `GET {base}profile/` with the user's own token. (CONTRACT 2, 5.) */
import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../../protocol/errors.ts';

export interface Django {
  /** The profile of the token's owner, as Django wrote it. `unauthorized`: it refused; `unavailable`: it could not be asked. */
  profile(token: string): Promise<Result<unknown>>;
  /** Whether it answers at all; asked at most every 10 s. */
  status(): Promise<{ reachable: boolean; latency_ms: number | null; checked_at: string }>;
}

/** Milliseconds that an answer counts, a refusal like a profile; that Django is away is never kept. */
const keptFor = 60_000;
const statusFor = 10_000;
const maxKept = 10_000;
const maxBytes = 64 * 1024;

interface Settings {
  /** Ends with a slash. */
  baseUrl: string;
  scheme: string;
  timeoutMs: number;
}

export function createDjango({ baseUrl, scheme, timeoutMs }: Settings, now: () => number): Django {
  const url = `${baseUrl}profile/`;
  const kept = new Map<string, { answer: Promise<Result<unknown>>; until: number }>();
  let lastStatus: { answer: ReturnType<Django['status']>; until: number } | null = null;

  async function ask(headers: Record<string, string>): Promise<Response | null> {
    try {
      // A redirect would take the token to who knows where.
      return await fetch(url, {
        headers: { Accept: 'application/json', ...headers },
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch {
      return null;
    }
  }

  async function fetchProfile(token: string): Promise<Result<unknown>> {
    const response = await ask({ Authorization: `${scheme} ${token}` });
    if (response === null) return away('Django no responde; inténtelo de nuevo en un momento.');
    const body = await bodyOf(response);
    if (response.status === 401 || response.status === 403) {
      return fail('unauthorized', 'Django no acepta el token.', { status: response.status, detail: detailOf(body) });
    }
    if (response.status !== 200) {
      return away(`Django respondió ${response.status} a ${url}.`, { status: response.status });
    }
    return body === undefined ? away('Django respondió algo que no es un perfil.', { status: 200 }) : ok(body);
  }

  function forget(): void {
    const at = now();
    for (const [key, { until }] of kept) if (until <= at || kept.size > maxKept) kept.delete(key);
  }

  return {
    profile(token) {
      // What cannot stand in a header was never given out by Django.
      if (!/^[\x21-\x7e]{1,4096}$/.test(token)) {
        return Promise.resolve(fail('unauthorized', 'El token no es válido.', { reason: 'malformed' }));
      }
      const key = createHash('sha256').update(token).digest('base64');
      const known = kept.get(key);
      if (known && known.until > now()) return known.answer;
      if (kept.size >= maxKept) forget();
      const answer = fetchProfile(token);
      const entry = { answer, until: now() + keptFor };
      kept.set(key, entry);
      void answer.then(found => {
        if (!found.ok && found.error.code === 'unavailable' && kept.get(key) === entry) kept.delete(key);
      });
      return answer;
    },

    status() {
      if (lastStatus && lastStatus.until > now()) return lastStatus.answer;
      const started = performance.now();
      const answer = ask({}).then(async response => {
        await response?.body?.cancel();
        // Without a token it refuses, and by that it is there.
        const reachable = response !== null && response.status < 500;
        return {
          reachable,
          latency_ms: reachable ? Math.round(performance.now() - started) : null,
          checked_at: new Date(now()).toISOString(),
        };
      });
      lastStatus = { answer, until: now() + statusFor };
      return answer;
    },
  };
}

function away(message: string, details?: Record<string, unknown>) {
  return fail('unavailable', message, { reason: 'django', ...details });
}

/** `undefined` where it is no JSON, breaks off, or is too long for what it should be. */
async function bodyOf(response: Response): Promise<unknown> {
  try {
    let text = '';
    const decoder = new TextDecoder();
    for await (const piece of response.body ?? []) {
      text += decoder.decode(piece, { stream: true });
      if (text.length > maxBytes) return undefined;
    }
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Django REST framework's own reason. */
function detailOf(body: unknown): string | null {
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : null;
  return typeof detail === 'string' ? detail.slice(0, 200) : null;
}
