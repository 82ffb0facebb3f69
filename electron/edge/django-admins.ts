/**
 * S2's admins look after the server with the token that Django gave them: one that is none of ours is asked of Django, on the
 * routes of the dashboard alone. Whoever guesses tokens must not make us hammer Django: the tries of one address, and of all,
 * are counted, and a token that Django has lately taken needs none.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { type Failure, fail, ok, type Result } from '../../protocol/errors.ts';
import type { Principal } from '../core/access.ts';
import type { Authenticate } from './authenticate.ts';
import type { ReadAddress } from './client-address.ts';

/** Unknown tokens a minute that Django is asked about. */
const triesPerAddress = 10;
const triesInAll = 60;
const everyone = 'everyone';
const maxTaken = 1_000;

interface Parts {
  authenticate: Authenticate;
  /** Whose token it is, by Django, which keeps an answer for a minute. */
  identify(token: string): Promise<Result<{ userId: string; roles: readonly string[] }>>;
  readAddress: ReadAddress;
}

export type AuthenticateRequest = (token: string | null, request: IncomingMessage) => Promise<Result<Principal>>;

export function createDjangoAdmins({ authenticate, identify, readAddress }: Parts): AuthenticateRequest {
  const perAddress = new RateLimiterMemory({ points: triesPerAddress, duration: 60 });
  const inAll = new RateLimiterMemory({ points: triesInAll, duration: 60 });
  /** Hashes of tokens that Django took, the one used last at the end. */
  const taken = new Set<string>();
  const asking = new Map<string, Promise<Result<Principal>>>();

  /** `null` where Django may be asked; else why not yet. */
  async function spend(address: string): Promise<Failure | null> {
    const spent = await perAddress
      .consume(address)
      .then(() => inAll.consume(everyone))
      .then(
        () => null,
        (limit: { msBeforeNext: number }) => Math.ceil(limit.msBeforeNext / 1_000),
      );
    if (spent === null) return null;
    return fail('rate_limited', 'Demasiados accesos desconocidos. Espere un minuto.', { retry_after_s: spent }).error;
  }

  function remember(key: string): void {
    taken.delete(key);
    taken.add(key);
    const [oldest] = taken;
    if (taken.size > maxTaken && oldest !== undefined) taken.delete(oldest);
  }

  async function ask(token: string, key: string, address: string): Promise<Result<Principal>> {
    const isKnown = taken.has(key);
    const refusal = isKnown ? null : await spend(address);
    if (refusal) return { ok: false, error: refusal };
    const identity = await identify(token);
    if (!identity.ok) {
      if (identity.error.code === 'unauthorized') taken.delete(key);
      return identity;
    }
    remember(key);
    if (!isKnown) await Promise.all([perAddress.reward(address, 1), inAll.reward(everyone, 1)]);
    const { userId, roles } = identity.value;
    if (roles.includes('admin')) return ok({ role: 'admin', userId });
    return fail('forbidden', 'Su cuenta de Django no es de administrador.', { reason: 'role' });
  }

  return async (token, request) => {
    const own = await authenticate(token);
    if (own.ok || token === null || !isForeign(own.error)) return own;
    // Who asks several things at once is asked about once.
    const key = createHash('sha256').update(token).digest('base64');
    const asked = asking.get(key) ?? ask(token, key, readAddress(request).address);
    asking.set(key, asked);
    return asked.finally(() => asking.delete(key));
  };
}

/** None that we have ever given out; one of ours that is over is over. */
function isForeign({ code, details }: Failure): boolean {
  return code === 'unauthorized' && (details?.reason === 'unknown' || details?.reason === 'forged');
}
