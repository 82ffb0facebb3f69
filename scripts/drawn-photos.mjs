/** Photos for the screenshots, drawn from nothing: a made-up identity card, front and back, and a made-up face. */
import sharp from 'sharp';

const person = { surname: 'EJEMPLO PRUEBA', name: 'LUCÍA', number: '40123456', born: '14 03 1991' };

/** @returns {Promise<{front: Buffer, back: Buffer, face: Buffer}>} JPEGs as a phone takes them, 4:3. */
export async function drawnPhotos() {
  return {
    front: await photographed(frontOfCard(), { angle: -3, table: ['#7a5c40', '#5d442d'] }),
    back: await photographed(backOfCard(), { angle: 2.5, table: ['#7a5c40', '#5d442d'] }),
    face: await grained(svg(1500, 2000, portrait(1500, 2000)), 5),
  };
}

function frontOfCard() {
  const line = (y, label, value, size = 40) => `
    <text x="440" y="${y}" font-size="22" fill="#5a7184">${label}</text>
    <text x="440" y="${y + size + 4}" font-size="${size}" font-weight="700" fill="#1d2b36">${value}</text>`;
  return `${cardBase('#e8f1f7', '#c9dfec')}
    <text x="50" y="80" font-size="38" font-weight="700" fill="#1f5478" letter-spacing="2">DOCUMENTO DE EJEMPLO</text>
    <text x="50" y="116" font-size="22" fill="#5a7184">Sin ningún valor · dibujado para una demostración</text>
    <g transform="translate(50 150)"><clipPath id="photo"><rect width="340" height="430" rx="12"/></clipPath>
      <g clip-path="url(#photo)"><g transform="scale(0.2267)">${portrait(1500, 2000, 'card')}</g></g></g>
    ${line(180, 'APELLIDOS', person.surname)}${line(270, 'NOMBRE', person.name)}
    ${line(360, 'FECHA DE NACIMIENTO', person.born)}${line(450, 'NÚMERO', person.number, 52)}
    <path d="M700 600 q40 -70 70 -10 t70 -20 t60 10 t50 -30" fill="none" stroke="#26466b" stroke-width="5"/>
    <rect x="860" y="160" width="96" height="76" rx="12" fill="#d9b95c"/><path d="M860 198h96M892 160v76M924 160v76" stroke="#a98a35" stroke-width="3"/>`;
}

function backOfCard() {
  const filler = text => `${text}${'&lt;'.repeat(30 - text.replaceAll('&lt;', '<').length)}`;
  const rows = [
    filler(`IDXXX${person.number}`),
    filler('9103141F3203140XXX'),
    filler('EJEMPLO&lt;PRUEBA&lt;&lt;LUCIA'),
  ];
  const row = (text, index) =>
    `<text x="50" y="${480 + 62 * index}" font-family="DejaVu Sans Mono, monospace" font-size="44" textLength="910" lengthAdjust="spacingAndGlyphs" fill="#1d2b36">${text}</text>`;
  return `${cardBase('#eef4ec', '#d3e4cd')}
    <text x="50" y="90" font-size="24" fill="#5f7a5a">DOMICILIO</text>
    <text x="50" y="136" font-size="36" font-weight="700" fill="#223021">CALLE INVENTADA 12, 3.º B</text>
    <text x="50" y="186" font-size="36" font-weight="700" fill="#223021">CIUDAD DE MUESTRA</text>
    <text x="50" y="250" font-size="24" fill="#5f7a5a">LUGAR DE NACIMIENTO</text>
    <text x="50" y="296" font-size="36" font-weight="700" fill="#223021">VILLA FICTICIA</text>
    <circle cx="850" cy="200" r="110" fill="none" stroke="#9cba93" stroke-width="10"/>
    <circle cx="850" cy="200" r="84" fill="none" stroke="#9cba93" stroke-width="4" stroke-dasharray="8 10"/>
    <text x="850" y="212" font-size="30" font-weight="700" fill="#7d9c74" text-anchor="middle">MUESTRA</text>
    <rect x="24" y="420" width="962" height="200" fill="#ffffff" opacity="0.75"/>${rows.map(row).join('')}`;
}

function cardBase(light, dark) {
  const waves = Array.from(
    { length: 13 },
    (_, index) => `<path d="M0 ${40 + index * 52} q126 -46 253 0 t253 0 t253 0 t253 0" />`,
  );
  return `<defs><linearGradient id="paper" x2="1" y2="1"><stop stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></linearGradient>
    <clipPath id="card"><rect width="1010" height="640" rx="36"/></clipPath></defs>
    <rect width="1010" height="640" rx="36" fill="url(#paper)"/>
    <g clip-path="url(#card)" fill="none" stroke="${dark}" stroke-width="3">${waves.join('')}</g>`;
}

/** A drawn face, shoulders and a plain wall. `id` keeps its gradients apart from those around it. */
function portrait(width, height, id = 'face') {
  const cx = width / 2;
  return `<defs>
      <radialGradient id="${id}-wall" cy="0.35" r="0.9"><stop stop-color="#e9e6df"/><stop offset="1" stop-color="#b9b5ac"/></radialGradient>
      <radialGradient id="${id}-skin" cx="0.42" cy="0.4" r="0.75"><stop stop-color="#f2c9a4"/><stop offset="1" stop-color="#d79d73"/></radialGradient>
      <linearGradient id="${id}-hair" x2="0" y2="1"><stop stop-color="#4a2f22"/><stop offset="1" stop-color="#2c1a12"/></linearGradient></defs>
    <rect width="${width}" height="${height}" fill="url(#${id}-wall)"/>
    <path d="M${cx - 430} 1180 q-70 -820 430 -830 q500 10 430 830 z" fill="url(#${id}-hair)"/>
    <path d="M${cx - 620} 2000 q20 -470 430 -540 h380 q410 70 430 540 z" fill="#2f6f73"/>
    <path d="M${cx - 170} 1250 h340 v240 q-170 150 -340 0 z" fill="#cf946b"/>
    <path d="M${cx - 190} 1470 q190 180 380 0 l70 40 q-260 260 -520 0 z" fill="#255a5d"/>
    <ellipse cx="${cx}" cy="930" rx="345" ry="455" fill="url(#${id}-skin)"/>
    <path d="M${cx - 360} 900 q-10 -470 360 -480 q370 10 360 480 q-60 -250 -200 -330 q-160 130 -420 150 q-70 60 -100 180 z" fill="url(#${id}-hair)"/>
    ${[-1, 1]
      .map(
        side => `<g transform="translate(${cx + side * 145} 905)">
      <path d="M-80 -78 q80 -46 160 0" fill="none" stroke="#3a241a" stroke-width="20" stroke-linecap="round" transform="scale(${side} 1)"/>
      <ellipse rx="68" ry="40" fill="#fbf7f2"/><circle r="36" fill="#5b3b23"/><circle r="17" fill="#17100b"/><circle cx="-11" cy="-12" r="9" fill="#fff"/>
      <path d="M-72 -8 q72 -62 144 0" fill="none" stroke="#3a241a" stroke-width="11"/></g>
      <ellipse cx="${cx + side * 205}" cy="1085" rx="75" ry="48" fill="#e08f73" opacity="0.35"/>`,
      )
      .join('')}
    <path d="M${cx + 8} 920 q34 130 30 170 q-40 34 -86 6" fill="none" stroke="#b9805a" stroke-width="13" stroke-linecap="round"/>
    <path d="M${cx - 120} 1195 q120 34 240 0 q-50 96 -120 96 t-120 -96 z" fill="#b8544c"/>
    <path d="M${cx - 96} 1205 q96 26 192 0 q-20 34 -96 34 t-96 -34 z" fill="#fdf6f0"/>`;
}

/** A card on a wooden table, seen from above and not quite straight. */
async function photographed(card, { angle, table }) {
  const [light, dark] = table;
  const planks = Array.from({ length: 9 }, (_, index) => {
    const y = index * 170;
    return `<rect y="${y}" width="2000" height="166" fill="${index % 2 ? light : dark}"/>
      <path d="M0 ${y + 60} q500 ${index % 2 ? 40 : -30} 1000 0 t1000 0M0 ${y + 110} q400 -24 900 6 t1100 -6" fill="none" stroke="#3f2d1c" stroke-width="3" opacity="0.45"/>`;
  });
  const light2 = `<radialGradient id="lamp" cx="0.3" cy="0.2" r="1"><stop stop-color="#fff" stop-opacity="0.28"/><stop offset="1" stop-color="#000" stop-opacity="0.38"/></radialGradient>`;
  return grained(
    svg(
      2000,
      1500,
      `<defs>${light2}<filter id="shadow" x="-20%" y="-20%" width="140%" height="140%"><feDropShadow dx="14" dy="20" stdDeviation="18" flood-opacity="0.5"/></filter></defs>
      ${planks.join('')}
      <g transform="rotate(${angle} 1000 750) translate(218 255) scale(1.55)"><g filter="url(#shadow)"><rect width="1010" height="640" rx="36"/></g>${card}</g>
      <rect width="2000" height="1500" fill="url(#lamp)"/>`,
    ),
    7,
  );
}

function svg(width, height, content) {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, Liberation Sans, Arial, sans-serif">${content}</svg>`,
  );
}

/** With a sensor's grain. */
async function grained(drawing, sigma) {
  const { data, info } = await sharp(drawing).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const grain = await sharp({ create: { width, height, channels: 3, noise: { type: 'gaussian', mean: 128, sigma } } })
    .png()
    .toBuffer();
  return sharp(data, { raw: { width, height, channels } })
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 88 })
    .toBuffer();
}
