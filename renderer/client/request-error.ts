import type { ErrorCode, Failure } from '../../protocol/errors.ts';

/** A failure that a promise rejects with; programs read `code` and `details`. */
export class RequestError extends Error implements Failure {
  readonly code: ErrorCode;
  readonly details?: Record<string, unknown>;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'RequestError';
    this.code = failure.code;
    if (failure.details) this.details = failure.details;
  }
}
