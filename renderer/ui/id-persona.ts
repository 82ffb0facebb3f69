import { read } from '../../protocol/codec.ts';
import { idPersona } from '../../protocol/primitives.ts';

export type IdPersonaProblem = { problem: 'empty' | 'control' } | { problem: 'tooLong'; count: number };

/** Reads what was typed or scanned: without spaces around it, or what is wrong with it. The rule itself is the protocol's. */
export function readIdPersona(typed: string): { idPersona: string } | IdPersonaProblem {
  const found = read(idPersona, typed);
  if (found.ok) return { idPersona: found.value };
  const text = typed.trim();
  if (!text) return { problem: 'empty' };
  return text.length > 64 ? { problem: 'tooLong', count: text.length } : { problem: 'control' };
}
