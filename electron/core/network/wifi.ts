/** A Wi-Fi as phones read it from a QR: `WIFI:T:WPA;S:name;P:password;;`, as Android, iOS and ZXing have agreed on it. */

export interface Wifi {
  ssid: string;
  /** Empty: an open network. */
  password: string;
}

export function wifiText({ ssid, password }: Wifi): string {
  const secured = password === '' ? 'T:nopass;' : `T:WPA;P:${escaped(password)};`;
  return `WIFI:${secured}S:${escaped(ssid)};;`;
}

/** The signs that end or divide a field. */
function escaped(text: string): string {
  return text.replace(/[\\;,":]/g, sign => `\\${sign}`);
}
