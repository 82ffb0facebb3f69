/**
 * Frames of Socket.IO, in: what is too large, binary or no packet at all becomes a word to its sender, where socket.io's own
 * decoder would say nothing or hang up. Out: one text for all peers of an event, whatever their version.
 */
import { Decoder, PacketType } from 'socket.io-parser';
import { type Failure, fail } from '../../../protocol/errors.ts';
import { createAllowance } from '../allowance.ts';

/** Stands where an event's name would: no client can send it. */
export class Refusal {
  readonly error: Failure;
  /** The peer is to be let go. */
  readonly isFinal: boolean;
  constructor(error: Failure, isFinal = false) {
    this.error = error;
    this.isFinal = isFinal;
  }
}

/** Of packets that are no events, of which a client needs one or two. Of events the peer keeps count. */
const perSecond = 10;
const burst = 50;

export const tooMany = fail('rate_limited', 'Demasiados mensajes por segundo; espere un momento.').error;

/** The decoder that socket.io makes for each connection. */
export function guardedDecoder(maxMessageBytes: number): typeof Decoder {
  return class Guarded extends Decoder {
    #allowance = createAllowance(perSecond, burst);
    /** Binary parts of a packet that was refused; they are still to come. */
    #parts = 0;

    override add(frame: unknown): void {
      if (typeof frame !== 'string') {
        if (this.#parts > 0) this.#parts -= 1;
        else this.#refuse(fail('invalid_message', 'Los mensajes van como texto, no como datos binarios.').error);
        return;
      }
      const isBinary = frame.startsWith('5') || frame.startsWith('6');
      if (isBinary) this.#parts = Math.min(10, Number(/^\d(\d{1,2})-/.exec(frame)?.[1] ?? 0));
      if (isBinary) {
        return this.#refuse(fail('invalid_message', 'Los mensajes van como texto, no como datos binarios.').error);
      }
      if (Buffer.byteLength(frame) > maxMessageBytes) {
        const details = { limit_bytes: maxMessageBytes };
        return this.#refuse(fail('too_large', 'El mensaje es demasiado grande.', details).error, true);
      }
      if (!frame.startsWith(`${PacketType.EVENT}`) && !this.#allowance.take(performance.now())) {
        return this.#refuse(tooMany);
      }
      try {
        super.add(frame);
      } catch {
        this.#refuse(fail('invalid_message', 'El mensaje no es un paquete de Socket.IO.').error);
      }
    }

    #refuse(error: Failure, isFinal = false): void {
      this.emitReserved('decoded', {
        type: PacketType.EVENT,
        nsp: '/',
        data: [new Refusal(error, isFinal)],
      });
    }
  };
}

/** An event as every version of Socket.IO reads it. */
export function packet(event: string, data: unknown): string {
  return `${PacketType.EVENT}${JSON.stringify([event, data])}`;
}
