import { describe, expect, test } from 'vitest';
import type { SettingsChange } from '../../protocol/settings.ts';
import { type Live, readConfig, type Sources } from '../config.ts';
import { createLiveSettings } from './live-settings.ts';
import { isPin } from './pin.ts';

const today = '2026-03-02';

/** The settings of a desk, and what stands in its file. */
function desk(given: Partial<Omit<Sources, 'settingsOf'>> & { saved?: Record<string, unknown> } = {}) {
  const { saved = {}, ...sources } = given;
  let file = saved;
  const start = () => {
    const read = readConfig({
      argv: [],
      env: {},
      dotenv: null,
      settingsOf: () => JSON.stringify(file),
      platform: 'linux',
      homedir: '/home/ana',
      cwd: '/srv/desk',
      ...sources,
    });
    if (!read.ok) throw new Error(read.message);
    return createLiveSettings(read.config, {
      read: () => ({ ...file }),
      write(next) {
        file = next;
      },
    });
  };
  return { settings: start(), restart: start, file: () => file };
}

describe('changing settings', () => {
  test('[SET1] a change counts at once and after a restart; what else stands in the file stays', async () => {
    const { settings, restart, file } = desk({ saved: { MAX_PHOTO_MB: 5, WS_HOST: '127.0.0.1' } });
    const told: [string, string][] = [];
    settings.subscribe((now, before) => void told.push([before.deskName, now.deskName]));
    const change: SettingsChange = {
      desk_name: ' Ventanilla 2 ',
      lang: 'en',
      host: '0.0.0.0',
      retention_days: 7,
      wifi_ssid: 'Visitas',
      wifi_password: ' con espacio',
      sounds: false,
      quick_replies: ['Hola, ¿qué tal?'],
      shot_lists: [
        { name: '2', shots: ['Rostro'] },
        { name: '1', shots: ['Firma', 'Rostro'] },
      ],
    };
    const changed = await settings.change(change, today);
    expect(changed.ok && [...changed.names].sort()).toEqual(Object.keys(change).sort());
    expect(told).toEqual([['Mostrador', 'Ventanilla 2']]);
    for (const now of [settings.get(), restart().get()]) {
      expect(now).toMatchObject({
        deskName: 'Ventanilla 2',
        lang: 'en',
        retentionDays: 7,
        wifi: { ssid: 'Visitas', password: ' con espacio' },
        sounds: false,
        quickReplies: ['Hola, ¿qué tal?'],
        shotLists: [
          { name: '2', shots: ['Rostro'] },
          { name: '1', shots: ['Firma', 'Rostro'] },
        ],
      } satisfies Partial<Live>);
    }
    expect(file()).toMatchObject({ MAX_PHOTO_MB: 5, DESK_NAME: 'Ventanilla 2', HOST: '0.0.0.0' });
    expect(file()).not.toHaveProperty('WS_HOST');
  });

  test('[SET2] all of a change or nothing: each wrong field is named in both languages', async () => {
    const { settings, file } = desk();
    const changed = await settings.change(
      { desk_name: 'Caja', retention_days: 0, port: 70_000, blur_minutes: 1.5 },
      today,
    );
    if (changed.ok) throw new Error('it was taken');
    expect(Object.keys(changed.problems).sort()).toEqual(['blur_minutes', 'port', 'retention_days']);
    expect(changed.problems.retention_days).toEqual({
      es: 'Se admite un número entero de 1 a 3650.',
      en: 'Allowed is a whole number from 1 to 3650.',
    });
    expect(file()).toEqual({});
    expect(settings.get().deskName).toBe('Mostrador');
  });

  test.each<SettingsChange>([
    { desk_name: 'x'.repeat(41) },
    { lang: 'fr' },
    { theme: 'pink' },
    { shot_lists: [{ name: 'DNI', shots: [] }] },
    { shot_lists: [{ name: 'DNI', shots: ['a', 'a'] }] },
    {
      shot_lists: [
        { name: 'DNI', shots: ['a'] },
        { name: 'DNI', shots: ['b'] },
      ],
    },
    { shot_lists: Array.from({ length: 21 }, (_, n) => ({ name: String(n), shots: ['a'] })) },
    { quick_replies: [''] },
    { quick_replies: ['dos\nlíneas'] },
    { consent_text: 'a\u0007' },
    { settings_pin: '123' },
    { settings_pin: 'scrypt:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
  ])('[SET2] %j is refused', async change => {
    const changed = await desk().settings.change(change, today);
    expect(changed).toMatchObject({ ok: false, problems: { [Object.keys(change)[0] ?? '']: expect.anything() } });
  });

  test('[DESK549] a Wi-Fi password is none, or one of 8 to 63 characters', async () => {
    const { settings } = desk();
    for (const wifi_password of ['1234567', 'x'.repeat(64), ' corta ']) {
      expect(await settings.change({ wifi_ssid: 'Visitas', wifi_password }, today)).toEqual({
        ok: false,
        problems: {
          wifi_password: {
            es: 'Una contraseña de Wi-Fi tiene de 8 a 63 caracteres.',
            en: 'A Wi-Fi password has 8 to 63 characters.',
          },
        },
      });
    }
    expect(settings.get().wifi).toBeNull();
    for (const password of ['12345678', 'ñ'.repeat(63), '']) {
      await settings.change({ wifi_ssid: 'Visitas', wifi_password: password }, today);
      expect(settings.get().wifi).toEqual({ ssid: 'Visitas', password });
    }
  });

  test('[SET3] what a flag, the environment or .env fixes is said to be fixed and cannot be changed', async () => {
    const { settings, file } = desk({
      argv: ['--port', '9000'],
      env: { DESK_NAME: 'Caja', CONSENT_VERSION: '7' },
      dotenv: 'RETENTION_DAYS=9',
      saved: { SOUNDS: false },
    });
    expect(settings.view().fixed).toEqual({
      port: 'flag',
      desk_name: 'environment',
      consent_text: 'environment',
      retention_days: '.env',
    });
    const changed = await settings.change({ port: 1, desk_name: 'x', consent_text: 'x', retention_days: 1 }, today);
    expect(changed).toMatchObject({ ok: false });
    expect(file()).toEqual({ SOUNDS: false });
    expect((await settings.change({ sounds: true }, today)).ok).toBe(true);
  });

  test('[SET3] LANGUAGE, which a system sets for every program, fixes nothing and gives way to what was saved', async () => {
    const { settings, restart } = desk({ env: { LANGUAGE: 'en_US' } });
    expect(settings.get().lang).toBe('en');
    expect(settings.view().fixed).toEqual({});
    await settings.change({ lang: 'es' }, today);
    expect(restart().get().lang).toBe('es');
  });

  test('[SET4] port and host are saved, and said to count from the next start', async () => {
    const { settings, restart } = desk();
    expect(settings.view()).toMatchObject({ port: 8080, at_next_start: [] });
    await settings.change({ port: 9000 }, today);
    expect(settings.view()).toMatchObject({ port: 9000, at_next_start: ['port'] });
    await settings.change({ port: null }, today);
    expect(settings.view()).toMatchObject({ port: 8080, at_next_start: [] });
    await settings.change({ port: 9000 }, today);
    expect(restart().view()).toMatchObject({ port: 9000, at_next_start: [] });
  });

  test('[SET5] null goes back to the default, which follows the language', async () => {
    const { settings, file } = desk({ saved: { DESK_NAME: 'Caja', QUICK_REPLIES: ['Hola'], SHOT_LISTS: {} } });
    expect(settings.view()).toMatchObject({ quick_replies: ['Hola'], shot_lists: [] });
    await settings.change({ desk_name: null, quick_replies: null, shot_lists: null }, today);
    expect(file()).toEqual({});
    expect(settings.view().desk_name).toBe('Mostrador');
    expect(settings.view().quick_replies).toContain('Un momento, por favor.');
    await settings.change({ lang: 'en' }, today);
    expect(settings.view().quick_replies).toContain('One moment, please.');
    expect(settings.view().shot_lists.map(list => list.name)).toContain('ID card');
  });

  test('[SET6] another consent text has another version by itself: the day, then a number', async () => {
    const { settings, restart } = desk();
    expect(settings.get().consent).toEqual({ version: '1', text: null });
    await settings.change({ consent_text: 'Acepto.\r\nSí.' }, today);
    expect(restart().get().consent).toEqual({ version: today, text: 'Acepto.\nSí.' });
    await settings.change({ consent_text: 'Acepto.\nSí.', sounds: false }, today);
    expect(settings.get().consent.version).toBe(today);
    await settings.change({ consent_text: 'Otra cosa' }, today);
    await settings.change({ consent_text: null }, today);
    expect(settings.get().consent).toEqual({ version: `${today}.3`, text: null });
    await settings.change({ consent_text: 'Otra cosa' }, '2026-03-03');
    expect(settings.get().consent.version).toBe('2026-03-03');
  });

  test('[SET7] no secret is in what the page gets; of the PIN the file has a salted hash', async () => {
    const { settings, file, restart } = desk();
    expect(settings.view()).toMatchObject({ pin_set: false, wifi_password_set: false });
    await settings.change({ settings_pin: '2468', wifi_ssid: 'Visitas', wifi_password: 'hush-hush' }, today);
    const seen = JSON.stringify(settings.view());
    expect(seen).not.toMatch(/2468|hush|scrypt/);
    expect(settings.view()).toMatchObject({ pin_set: true, wifi_password_set: true });
    expect(JSON.stringify(file())).not.toContain('2468');
    const after = restart();
    expect(after.hasPin()).toBe(true);
    expect(await after.isPin('2468')).toBe(true);
    expect(await after.isPin('2469')).toBe(false);
    const other = desk();
    await other.settings.change({ settings_pin: '2468' }, today);
    expect(other.file().SETTINGS_PIN).not.toBe(file().SETTINGS_PIN);
    await settings.change({ settings_pin: null }, today);
    expect(settings.hasPin()).toBe(false);
    expect(await isPin('1357', '1357')).toBe(true);
    expect(await isPin('1358', '1357')).toBe(false);
  });

  test('[SET8] two changes at once are both kept', async () => {
    const { settings, file } = desk();
    await Promise.all([
      settings.change({ settings_pin: '2468' }, today),
      settings.change({ desk_name: 'Caja' }, today),
    ]);
    expect(file()).toMatchObject({ DESK_NAME: 'Caja', SETTINGS_PIN: expect.stringContaining('scrypt') });
    expect(settings.view()).toMatchObject({ desk_name: 'Caja', pin_set: true });
  });
});
