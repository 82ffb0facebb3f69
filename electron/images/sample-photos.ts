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
  const stored = {
    1: (s: Sharp) => s,
    2: (s: Sharp) => s.flop(),
    3: (s: Sharp) => s.rotate(180),
    4: (s: Sharp) => s.flip(),
    5: (s: Sharp) => s.rotate(90).flop(),
    6: (s: Sharp) => s.rotate(270),
    7: (s: Sharp) => s.rotate(270).flop(),
    8: (s: Sharp) => s.rotate(90),
  }[orientation];
  if (!stored) throw new RangeError('EXIF orientations are 1 to 8');
  // sharp turns before it flops only within one pipeline's fixed order, so the turned picture is written out first.
  const turned = await stored(sharp(seen)).png().toBuffer();
  return sharp(turned)
    .withExif({ IFD0: { Make: 'Camera' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '40/1 25/1 0/1' } })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><private/></x:xmpmeta>')
    .withMetadata({ orientation })
    .jpeg({ quality: 95 })
    .toBuffer();
}
