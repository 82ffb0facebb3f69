/** The desk's settings as its page sees and changes them. Secret ones never leave the server: it says whether they are set. */
import * as z from 'zod/mini';
import { lang } from './primitives.ts';

const shotList = z.object({ name: z.string(), shots: z.array(z.string()) });
export type ShotList = z.infer<typeof shotList>;

const values = {
  desk_name: z.string(),
  lang,
  port: z.int(),
  host: z.string(),
  /** An interface's name or one of its addresses; `null`: the best one. */
  lan_interface: z.nullable(z.string()),
  /** `null`: no second QR for the Wi-Fi. */
  wifi_ssid: z.nullable(z.string()),
  retention_days: z.int(),
  /** `null`: Mostrador's own sentences, in the visitor's language. */
  consent_text: z.nullable(z.string()),
  shot_lists: z.array(shotList),
  quick_replies: z.array(z.string()),
  sounds: z.boolean(),
  theme: z.enum(['system', 'light', 'dark']),
  /** After so many minutes without anybody at the desk the photos blur; 0: never. */
  blur_minutes: z.int(),
  autostart: z.boolean(),
};
const secrets = { wifi_password: z.string(), settings_pin: z.string() };

const settingName = z.keyof(z.object({ ...values, ...secrets }));
export type SettingName = z.infer<typeof settingName>;

/** Where a setting comes from that this page cannot change. */
const fixedBy = z.enum(['flag', 'environment', '.env']);
export type FixedBy = z.infer<typeof fixedBy>;

export const settings = z.object({
  ...values,
  wifi_password_set: z.boolean(),
  pin_set: z.boolean(),
  /** Changes by itself with the text. */
  consent_version: z.string(),
  fixed: z.partialRecord(settingName, fixedBy),
  /** Saved, and in use from the next start on. */
  at_next_start: z.array(settingName),
});
export type Settings = z.infer<typeof settings>;

/** What every page of the desk follows while it is open. */
export const deskLook = z.pick(settings, { desk_name: true, lang: true, theme: true });
export type DeskLook = z.infer<typeof deskLook>;

/** Only what is to change; `null` goes back to the default. What a value may be is said by the server, field by field. */
const orNull = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema));
export const settingsChange = z.strictObject({
  desk_name: orNull(z.string()),
  lang: orNull(z.string()),
  port: orNull(z.number()),
  host: orNull(z.string()),
  lan_interface: orNull(z.string()),
  wifi_ssid: orNull(z.string()),
  wifi_password: orNull(z.string()),
  retention_days: orNull(z.number()),
  consent_text: orNull(z.string()),
  shot_lists: orNull(z.array(shotList)),
  quick_replies: orNull(z.array(z.string())),
  sounds: orNull(z.boolean()),
  theme: orNull(z.string()),
  blur_minutes: orNull(z.number()),
  autostart: orNull(z.boolean()),
  settings_pin: orNull(z.string()),
} satisfies Record<SettingName, z.ZodMiniType>);
export type SettingsChange = z.infer<typeof settingsChange>;

/** `details.fields` of a refused change: what is wrong with each, in both languages. */
export const fieldProblems = z.partialRecord(settingName, z.object({ es: z.string(), en: z.string() }));
export type FieldProblems = z.infer<typeof fieldProblems>;
