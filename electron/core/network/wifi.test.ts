import { expect, test } from 'vitest';
import { wifiText } from './wifi.ts';

test.each([
  [{ ssid: 'Visitantes', password: 'cafe con leche' }, 'WIFI:T:WPA;P:cafe con leche;S:Visitantes;;'],
  [{ ssid: 'Abierta', password: '' }, 'WIFI:T:nopass;S:Abierta;;'],
  [
    { ssid: 'Bar "La ñ"; 2:1,\\', password: String.raw`a\b;c,d:e"f` },
    String.raw`WIFI:T:WPA;P:a\\b\;c\,d\:e\"f;S:Bar \"La ñ\"\; 2\:1\,\\;;`,
  ],
  [{ ssid: ' espacios ', password: ' y aquí ' }, 'WIFI:T:WPA;P: y aquí ;S: espacios ;;'],
])('[NET3] the Wi-Fi as phones read it from a QR: %j', (wifi, text) => {
  expect(wifiText(wifi)).toBe(text);
});
