import { type ReactNode, useEffect, useState } from 'react';
import * as z from 'zod/mini';
import { fieldProblems, type Settings, type SettingsChange } from '../../protocol/settings.ts';
import type { DeskStore } from '../client/desk-store.ts';
import { RequestError } from '../client/index.ts';
import { PinWait } from '../ui/settings/pin-wait.tsx';
import { type Saved, SettingsDialog } from '../ui/settings/settings-dialog.tsx';
import { useTexts } from '../ui/texts/use-texts.tsx';

interface Props {
  store: DeskStore;
  settings: Settings;
  online: boolean;
  /** Whether a bar code was read meanwhile, which opens nobody's session from here. */
  scanRefused: boolean;
  onClose: () => void;
}

const retryAfter = z.object({ retry_after_s: z.number() });

/** The settings page over this desk's server: what it refuses becomes a sentence, beside its field where it is about one. */
export function DeskSettings({ store, settings, online, scanRefused, onClose }: Props) {
  const { t } = useTexts();
  const [interfaces, setInterfaces] = useState<readonly { value: string; label: string }[]>([]);
  const [canAutostart, setCanAutostart] = useState(false);

  useEffect(() => {
    store.networkAddresses().then(
      addresses => setInterfaces(byName(addresses)),
      // Then there is the present choice alone.
      () => {},
    );
    window.mostrador?.canAutostart().then(setCanAutostart, () => {});
  }, [store]);

  const sentenceOf = (error: RequestError): ReactNode => {
    const late = z.safeParse(retryAfter, error.details);
    if (late.success) return <PinWait until={new Date(Date.now() + late.data.retry_after_s * 1_000).toISOString()} />;
    if (error.code === 'forbidden' && error.details?.reason === 'wrong_pin') return t('settings.pin.wrong');
    return t('settings.notSaved', { why: t(`errors.${error.code}`) });
  };
  const save = async (change: SettingsChange, pin: string | null): Promise<Saved> => {
    try {
      await store.changeSettings(change, pin);
      return { ok: true };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      const problems = z.safeParse(fieldProblems, error.details?.fields);
      if (problems.success) return { ok: false, problems: problems.data, why: t('settings.refused'), pin: false };
      return { ok: false, problems: {}, why: sentenceOf(error), pin: error.code === 'forbidden' };
    }
  };
  const checkPin = async (pin: string): Promise<ReactNode> => {
    try {
      await store.checkPin(pin);
      return null;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return sentenceOf(error);
    }
  };
  return (
    <SettingsDialog
      settings={settings}
      online={online}
      remark={scanRefused ? t('settings.scanRefused') : null}
      interfaces={interfaces}
      canAutostart={canAutostart}
      save={save}
      checkPin={checkPin}
      onClose={onClose}
    />
  );
}

/** One entry an interface, however many addresses it has. */
function byName(addresses: readonly { name: string; address: string }[]) {
  const found = new Map<string, string[]>();
  for (const { name, address } of addresses) found.set(name, [...(found.get(name) ?? []), address]);
  return [...found].map(([name, all]) => ({ value: name, label: `${name} · ${all.join(', ')}` }));
}
