/** One action of one resource: who may ask, how its input is read, what it does. */
import type * as z from 'zod/mini';
import { read } from '../../protocol/codec.ts';
import type { Result } from '../../protocol/errors.ts';
import type { Role } from '../../protocol/events.ts';
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

export interface Action {
  who: readonly Role[];
  /** Whether it may write; reading needs no transaction. */
  writes: boolean;
  run(context: Context, payload: unknown): Result<Outcome<unknown>>;
}

interface Spec {
  input: z.ZodMiniType;
  reply: z.ZodMiniType;
}

type Handler<S extends Spec> = (context: Context, input: z.output<S['input']>) => Result<Outcome<z.output<S['reply']>>>;

function bind<S extends Spec>(spec: S, who: readonly Role[], writes: boolean, handler: Handler<S>): Action {
  return {
    who,
    writes,
    run(context, payload) {
      const input = read<S['input']>(spec.input, payload);
      return input.ok ? handler(context, input.value) : input;
    },
  };
}

export function reads<S extends Spec>(spec: S, who: readonly Role[], handler: Handler<S>): Action {
  return bind(spec, who, false, handler);
}

export function writes<S extends Spec>(spec: S, who: readonly Role[], handler: Handler<S>): Action {
  return bind(spec, who, true, handler);
}
