import { read } from '../../protocol/codec.ts';
import { idPersona } from '../../protocol/primitives.ts';

export type IdPersonaProblem = { problem: 'empty' | 'control' | 'address' } | { problem: 'tooLong'; count: number };

const webAddress = /^https?:\/\/\S+$/i;
/** How the address in a desk's QR ends, whatever stands before it. */
const qrToken = /\/J\/[A-Z2-7]{20}/;

/** Reads what was typed or scanned: without spaces around it, or what is wrong with it. The rule itself is the protocol's, but for the address of a QR: a visitor's, read by mistake, would be taken for a person. */
export function readIdPersona(typed: string): { idPersona: string } | IdPersonaProblem {
  const text = typed.trim();
  if (webAddress.test(text) || qrToken.test(text)) return { problem: 'address' };
  const found = read(idPersona, typed);
  if (found.ok) return { idPersona: found.value };
  if (!text) return { problem: 'empty' };
  return text.length > 64 ? { problem: 'tooLong', count: text.length } : { problem: 'control' };
}
