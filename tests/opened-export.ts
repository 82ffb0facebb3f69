/** A person's export as whoever gets it opens it. */
import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { expect } from 'vitest';
import * as z from 'zod/mini';

const manifest = z.object({
  idPersona: z.string(),
  made_at: z.string(),
  mostrador: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })),
  photos: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      file: z.nullable(z.string()),
      left_out: z.optional(z.string()),
      stored_sha256: z.nullable(z.string()),
    }),
  ),
});

/** Expects the manifest to name every other file of the ZIP, each with its true size and hash. */
export function openedExport(zip: Uint8Array) {
  const files = unzipSync(zip);
  const list = z.parse(manifest, JSON.parse(Buffer.from(files['manifest.json'] ?? []).toString()));
  expect(list.files.map(({ name }) => name).sort()).toEqual(
    Object.keys(files)
      .filter(name => name !== 'manifest.json')
      .sort(),
  );
  for (const { name, bytes, sha256 } of list.files) {
    const file = files[name] ?? new Uint8Array();
    expect([name, file.length, createHash('sha256').update(file).digest('hex')]).toEqual([name, bytes, sha256]);
  }
  return { files, list, text: (name: string) => Buffer.from(files[name] ?? []).toString() };
}
