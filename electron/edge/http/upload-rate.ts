/** How much a phone may send in a minute, photos and files of the chat together. (CONTRACT 7.) */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { fail, ok, type Result } from '../../../protocol/errors.ts';
import type { Principal } from '../../core/access.ts';

/** `rate_limited` with `retry_after_s`. Others than phones are not limited. */
export type UploadRate = (principal: Principal) => Promise<Result<null>>;

export function createUploadRate(perMinute: number): UploadRate {
  const uploads = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return async principal => {
    if (principal.role !== 'phone') return ok(null);
    const spent = await uploads.consume(principal.sessionId).then(
      () => null,
      (limit: { msBeforeNext: number }) => Math.ceil(limit.msBeforeNext / 1_000),
    );
    if (spent === null) return ok(null);
    return fail('rate_limited', 'Demasiados envíos seguidos; espere un momento.', { retry_after_s: spent });
  };
}
