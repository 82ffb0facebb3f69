/** What two QR decoders that know nothing of each other read on a picture of the screen. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import jsQR from 'jsqr';
import type { Locator, Page } from 'playwright';
import sharp from 'sharp';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

/** Call once, before the first reading. */
export async function prepareDecoders(): Promise<void> {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const wasmBinary = new Uint8Array(await readFile(wasm)).buffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
}

/** First what ZXing reads, then jsQR. */
export async function readByTwo(what: Page | Locator): Promise<[string, string]> {
  return readPicture(await what.screenshot());
}

/** The same on a PNG or JPEG. */
export async function readPicture(picture: Uint8Array): Promise<[string, string]> {
  const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const zxing = await readBarcodes(new Uint8Array(picture), { formats: ['QRCode'], tryHarder: true });
  return [
    zxing[0]?.text ?? 'zxing: nothing',
    jsQR(new Uint8ClampedArray(data), info.width, info.height)?.data ?? 'jsQR: nothing',
  ];
}
