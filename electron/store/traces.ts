/** Finds the rows in which a person stands, by name or by the ids of what was theirs. Journal and log keep their facts as JSON. */
import type { Traces } from '../core/ports.ts';
import type { Value } from './driver.ts';

/**
 * The condition, for a table with `id_persona` and `data`. By name only where names stand (an idPersona may be any word),
 * or anywhere in rows that meet `freely`.
 */
export function tracesIn(table: string, freely = 'FALSE'): string {
  return `${table}.id_persona = ? OR EXISTS (
    SELECT 1 FROM json_tree(${table}.data) AS part
    WHERE part.atom IN (SELECT value FROM json_each(?))
       OR (part.atom = ? AND (part.key IN ('idPersona', 'from') OR ${freely})))`;
}

/** The condition's values, in its order. */
export function tracesOf({ idPersona, ids }: Traces): Value[] {
  return [idPersona, JSON.stringify(ids), idPersona];
}
