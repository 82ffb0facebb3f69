/** JSON Schema of the very shapes that validate, each once under `#/components/schemas`. */
import * as z from 'zod/mini';

export type Json = Record<string, unknown>;

export interface Components {
  /** Where the schema is described; `name` is its name there, unless it has one already. */
  ref(schema: z.core.$ZodType, name: string): { $ref: string };
  /** All that were asked for. */
  schemas(): Json;
}

const place = (name: string) => `#/components/schemas/${name}`;

/**
 * `io`: what a sender may write, or what a reader gets. OpenAPI 3.1 takes draft 2020-12, AsyncAPI 3.0 draft 7.
 * What a refinement checks no JSON Schema can say; the server checks it all the same.
 */
export function createComponents(io: 'input' | 'output', target: 'draft-7' | 'draft-2020-12'): Components {
  const registry = z.registry<{ id: string }>();
  return {
    ref(schema, name) {
      const known = registry.get(schema)?.id;
      if (known === undefined) registry.add(schema, { id: name });
      return { $ref: place(known ?? name) };
    },
    schemas() {
      const { schemas } = z.toJSONSchema(registry, {
        io,
        target,
        uri: place,
        override({ jsonSchema }) {
          // A reader passes over fields that it does not know: later versions may add some.
          if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        },
      });
      return Object.fromEntries(Object.entries(schemas).map(([name, { $schema, $id, ...schema }]) => [name, schema]));
    },
  };
}
