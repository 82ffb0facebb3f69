import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Outline, outline } from './outline.ts';

/** What JSON.parse would have given: long texts are read from where they lie. */
function whole(found: Outline, frame: Buffer): unknown {
  const restore = (value: unknown): unknown => {
    const span = found.spanOf(value);
    if (span) return JSON.parse(`"${frame.toString('utf8', span.start, span.end)}"`);
    if (Array.isArray(value)) return value.map(restore);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, restore(inner)]));
  };
  return restore(found.fields);
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ minLength: 1_020, maxLength: 1_030 }),
  fc.constantFrom('0'.repeat(1_024), '0'.repeat(1_023), '\\"'.repeat(600), '1'.padStart(1_024, '0'), 'ñ'.repeat(600)),
);
const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 3 }));
const key = fc.string({ maxLength: 8 }).filter(name => name !== '__proto__');

test('[S0R7] cutting long texts out finds the very fields that parsing the whole frame finds', () => {
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 6 }), fc.constantFrom(0, 2), (object, indent) => {
      const frame = Buffer.from(JSON.stringify(object, null, indent));
      const found = outline(frame);
      expect(found.ok && whole(found.value, frame)).toEqual(JSON.parse(frame.toString()));
    }),
    { numRuns: 500 },
  );
});

test('[S0R7] what JSON.parse refuses, or is no object, is refused; nothing throws', () => {
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 4 }), fc.nat(), fc.nat(), (object, at, byte) => {
      const frame = Buffer.from(JSON.stringify(object));
      frame[at % frame.length] = 0x20 + (byte % 95);
      let parsed: unknown;
      try {
        parsed = JSON.parse(frame.toString());
      } catch {
        parsed = undefined;
      }
      const found = outline(frame);
      // Inside a long text an escape is read only when the text itself is asked for.
      if (parsed !== undefined)
        expect(found.ok).toBe(typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed));
    }),
    { numRuns: 500 },
  );
  for (const frame of ['', '"', '{"', '{"a":"', '{"a":1', '[]', 'null', '{"a":"\\"}', `{"a":"${'x'.repeat(2_000)}`]) {
    expect(outline(Buffer.from(frame)).ok, frame.slice(0, 20)).toBe(false);
  }
});
