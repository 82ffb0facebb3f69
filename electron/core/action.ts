/** One action of one resource: who may ask, how its input is read, what it does. */
import type * as z from 'zod/mini';
import { readInput } from '../../protocol/codec.ts';
import type { Result } from '../../protocol/errors.ts';
import type { Role } from '../../protocol/user.ts';
import type { Principal } from './access.ts';
import type { Outcome } from './outcome.ts';

export interface Context {
  principal: Principal;
  /** The connection that asks; `null` for a request by HTTP. */
  connection: {
    /** The newest `seq` when it connected. */
    readonly head: number;
    readonly rooms: ReadonlySet<string>;
    /** Whether it is still being given what an earlier request asked to be replayed. */
    isReplaying(): boolean;
    join(room: string): void;
    leave(room: string): void;
  } | null;
}

export type Action =
  | {
      who: readonly Role[];
      /** On this process's own store: a write and its events are one transaction; reading needs none. */
      kind: 'reads' | 'writes';
      run(context: Context, payload: unknown): Result<Outcome<unknown>>;
    }
  | {
      who: readonly Role[];
      /** Its data may be on another machine: what it writes is stored when the promise is there, its events after that. */
      kind: 'elsewhere';
      run(context: Context, payload: unknown): Promise<Result<Outcome<unknown>>>;
    };

interface Spec {
  input: z.ZodMiniType;
  reply: z.ZodMiniType;
}

type Handler<S extends Spec> = (context: Context, input: z.output<S['input']>) => Result<Outcome<z.output<S['reply']>>>;

function here<S extends Spec>(
  spec: S,
  who: readonly Role[],
  kind: 'reads' | 'writes',
  handler: Handler<S>,
): Extract<Action, { kind: 'reads' | 'writes' }> {
  return {
    who,
    kind,
    run(context, payload) {
      const input = readInput<S['input']>(spec.input, payload);
      return input.ok ? handler(context, input.value) : input;
    },
  };
}

export function reads<S extends Spec>(spec: S, who: readonly Role[], handler: Handler<S>): Action {
  return here(spec, who, 'reads', handler);
}

export function writes<S extends Spec>(spec: S, who: readonly Role[], handler: Handler<S>): Action {
  return here(spec, who, 'writes', handler);
}

/** For what is kept outside this process's own store: the chat. Its handler awaits, and stores by itself. */
export function elsewhere<S extends Spec>(
  spec: S,
  who: readonly Role[],
  handler: (...given: Parameters<Handler<S>>) => Promise<ReturnType<Handler<S>>>,
): Action {
  return {
    who,
    kind: 'elsewhere',
    async run(context, payload) {
      const input = readInput<S['input']>(spec.input, payload);
      return input.ok ? handler(context, input.value) : input;
    },
  };
}
