import type { Failure } from '../../../../protocol/errors.ts';

/** A photo that came some other way, as S0's front ends expect it: they put `image` into an `<img>` as it is. */
export function writePhoto(idPersona: string, mime: string, picture: Buffer): Buffer {
  return Buffer.from(
    `{"idPersona":${JSON.stringify(idPersona)},"image":"data:${mime};base64,${picture.toString('base64')}"}`,
  );
}

export function writeError(error: Failure): string {
  return JSON.stringify({ error });
}
