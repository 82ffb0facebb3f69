/** `/asyncapi.json` as a test reads it. */
import { Ajv } from 'ajv';
import * as z from 'zod/mini';

const json = z.record(z.string(), z.unknown());
const channel = z.looseObject({
  messages: z.record(z.string(), z.looseObject({ name: z.string(), payload: json })),
});
const operation = z.looseObject({ action: z.string(), 'x-roles': z.optional(z.array(z.string())) });

export const asyncDocument = z.looseObject({
  channels: z.record(z.string(), channel),
  operations: z.record(z.string(), operation),
  components: z.looseObject({ schemas: json }),
});
export type AsyncDocument = z.infer<typeof asyncDocument>;

/** Whether `value` is what the document says of a message; gives what is wrong. */
export function against(document: AsyncDocument, channel: string, message: string, value: unknown): unknown[] {
  const described = document.channels[channel]?.messages[message];
  if (!described) return [`no message ${message} in ${channel}`];
  // Formats have patterns beside them.
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const validate = ajv.compile({ components: document.components, ...described.payload });
  return validate(value) ? [] : (validate.errors ?? []);
}
