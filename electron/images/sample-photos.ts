/** For tests: real pictures of many kinds, made on the spot. */
import sharp, { type Sharp } from 'sharp';

/** A picture that compresses like a photo does: smooth shades with some grain, the same each time. */
export function scene(width: number, height: number, channels: 3 | 4 = 3): Sharp {
  const raw = Buffer.alloc(width * height * channels);
  let grain = 1;
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += channels) {
      grain = (grain * 1103515245 + 12345) & 0x7fffffff;
      const noise = (grain >> 16) & 15;
      raw[at] = (x * 200) / width + noise;
      raw[at + 1] = (y * 200) / height + noise;
      raw[at + 2] = ((x + y) * 100) / (width + height) + noise;
      if (channels === 4) raw[at + 3] = x < width / 2 ? 255 : 90;
    }
  }
  return sharp(raw, { raw: { width, height, channels } });
}

/** Left half red, right half blue as it is to be seen; stored turned, as a phone held upright stores it, with a place in its EXIF. */
export async function phonePhoto(orientation: number, width = 64, height = 48): Promise<Buffer> {
  const half = Math.floor(width / 2);
  const seen = await sharp({ create: { width, height, channels: 3, background: 'blue' } })
    .composite([{ input: { create: { width: half, height, channels: 3, background: 'red' } }, left: 0, top: 0 }])
    .png()
    .toBuffer();
  // How the sensor's picture comes from the one that is seen: the inverse of what the orientation asks of a viewer.
  const angle = { 3: 180, 4: 180, 5: 90, 6: 270, 7: 270, 8: 90 }[orientation] ?? 0;
  const mirrored = [2, 4, 5, 7].includes(orientation);
  // Two pipelines, because within one sharp would mirror before it turns.
  const turned = await sharp(await sharp(seen).rotate(angle).png().toBuffer())
    .flop(mirrored)
    .png()
    .toBuffer();
  return sharp(turned)
    .withExif({ IFD0: { Make: 'Camera' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '40/1 25/1 0/1' } })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><private/></x:xmpmeta>')
    .withMetadata({ orientation })
    .jpeg({ quality: 95 })
    .toBuffer();
}

/** The JPEG with a table spoiled: whole as to its markers, and nothing that could be decoded. */
export function undecodable(jpeg: Buffer): Buffer {
  const table = jpeg.indexOf(Buffer.from([0xff, 0xc4]));
  return Buffer.from(jpeg).fill(0x7f, table + 5, table + 21);
}
