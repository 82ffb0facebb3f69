import type { Failure, Result } from '../../protocol/errors.ts';
import { fail, ok } from '../../protocol/errors.ts';

interface Pending {
  frame: string;
  sent: boolean;
  timer: ReturnType<typeof setTimeout>;
  settle: (result: Result<Record<string, unknown>>) => void;
}

export interface RequestTiming {
  /** Milliseconds a request waits for a connection. */
  connection: number;
  /** Milliseconds it then waits for its answer. */
  answer: number;
}

/** The requests that have no answer yet: some wait for a connection, some for the server. */
export class PendingRequests {
  readonly #pending = new Map<string, Pending>();
  readonly #timing: RequestTiming;
  #count = 0;

  constructor(timing: RequestTiming) {
    this.#timing = timing;
  }

  /** Never rejects: a failure is a value. `transmit` is `null` while there is no connection. */
  add(
    resource: string,
    payload: Record<string, unknown>,
    transmit: ((frame: string) => void) | null,
  ): Promise<Result<Record<string, unknown>>> {
    this.#count += 1;
    const id = `r${this.#count}`;
    const frame = written({ type: 'request', id, resource, payload });
    if (!frame.ok) return Promise.resolve(frame);
    return new Promise(settle => {
      const timer = setTimeout(
        () => this.#settle(id, unavailable('No hay conexión con el mostrador.')),
        this.#timing.connection,
      );
      const pending: Pending = { frame: frame.value, sent: false, timer, settle };
      this.#pending.set(id, pending);
      if (transmit) this.#send(id, pending, transmit);
    });
  }

  /** The connection is there: what waited goes out, in the order it was asked. */
  flush(transmit: (frame: string) => void): void {
    for (const [id, pending] of this.#pending) if (!pending.sent) this.#send(id, pending, transmit);
  }

  answered(id: string, payload: Record<string, unknown>): void {
    this.#settle(id, ok(payload));
  }

  /** `false` when no request of that id waits. */
  failed(id: string, error: Failure): boolean {
    return this.#settle(id, { ok: false, error });
  }

  /** The connection is gone: nobody knows whether what was sent has been done. */
  dropSent(): void {
    for (const [id, pending] of this.#pending) {
      if (pending.sent) this.#settle(id, unavailable('Se perdió la conexión antes de la respuesta.'));
    }
  }

  /** The server ended the connection over a frame that was too large: of those without an answer, the largest. */
  dropLargest(): void {
    let largest: { id: string; length: number } | null = null;
    for (const [id, { frame, sent }] of this.#pending) {
      if (sent && frame.length > (largest?.length ?? 0)) largest = { id, length: frame.length };
    }
    if (largest) this.#settle(largest.id, fail('too_large', 'El mensaje es demasiado grande.'));
  }

  dropAll(why: Failure): void {
    for (const id of this.#pending.keys()) this.#settle(id, { ok: false, error: why });
  }

  #send(id: string, pending: Pending, transmit: (frame: string) => void): void {
    clearTimeout(pending.timer);
    pending.timer = setTimeout(
      () => this.#settle(id, unavailable('El mostrador no respondió a tiempo.')),
      this.#timing.answer,
    );
    pending.sent = true;
    transmit(pending.frame);
  }

  #settle(id: string, result: Result<Record<string, unknown>>): boolean {
    const pending = this.#pending.get(id);
    if (!pending) return false;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    pending.settle(result);
    return true;
  }
}

/** A program's own data may hold what JSON has no word for: a circle, a BigInt. */
function written(request: object): Result<string> {
  try {
    return ok(JSON.stringify(request));
  } catch (error) {
    return fail('invalid_message', error instanceof Error ? error.message : String(error));
  }
}

function unavailable(message: string): Result<never> {
  return fail('unavailable', message);
}
