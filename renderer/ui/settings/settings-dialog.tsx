import { Alert, Button, Tabs } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconDeviceDesktop,
  IconLoader2,
  IconLock,
  IconMessages,
  IconNetwork,
  IconPencil,
  IconPhotoCheck,
  IconShieldLock,
  IconSun,
  IconWifi,
} from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { FieldProblems, Settings, SettingsChange } from '../../../protocol/settings.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { LongDialog } from '../long-dialog.tsx';
import { useTexts } from '../texts/use-texts.tsx';
import { PinForm } from './pin-form.tsx';
import styles from './settings-dialog.module.css';
import { type Section, sections, sectionsWith, tidied, withChange } from './settings-draft.ts';
import { SettingsSection, type Surroundings } from './settings-section.tsx';

const icons = {
  desk: IconDeviceDesktop,
  network: IconNetwork,
  wifi: IconWifi,
  privacy: IconShieldLock,
  shots: IconPhotoCheck,
  replies: IconMessages,
  screen: IconSun,
  security: IconLock,
} as const;

/** `pin`: the one that was typed counts no more (another desk changed it), or none was. */
export type Saved = { ok: true } | { ok: false; problems: FieldProblems; why: ReactNode; pin: boolean };

interface Props extends Surroundings {
  settings: Settings;
  online: boolean;
  /** Something to know while they are open. */
  remark: string | null;
  save: (change: SettingsChange, pin: string | null) => Promise<Saved>;
  /** `null`: it is the right one; else why not. */
  checkPin: (pin: string) => Promise<ReactNode>;
  onClose: () => void;
}

type State = { name: 'idle' } | { name: 'saving' } | { name: 'saved' } | { name: 'failed'; why: ReactNode };

/** Everything about the desk that can be changed while it runs. What is written counts only once it is saved. */
export function SettingsDialog({ settings, online, remark, save, checkPin, onClose, ...surroundings }: Props) {
  const { t } = useTexts();
  const [section, setSection] = useState<Section>('desk');
  const [pin, setPin] = useState<string | null>(null);
  const [isLocked, setLocked] = useState(settings.pin_set);
  const [draft, setDraft] = useState<SettingsChange>({});
  const [problems, setProblems] = useState<FieldProblems>({});
  const [state, setState] = useState<State>({ name: 'idle' });
  const [isLeaving, setLeaving] = useState(false);
  const [refusals, setRefusals] = useState(0);
  const [cameFrom] = useState(() => document.activeElement);
  const form = useRef<HTMLFormElement>(null);
  const leftFrom = useRef<Element>(null);
  const isDirty = Object.keys(draft).length > 0;
  const wrong = sectionsWith(problems);

  // Nothing of it stays on the page when it closes, so the keyboard is led back from here.
  useEffect(
    () => () => {
      if (cameFrom instanceof HTMLElement) cameFrom.focus();
    },
    [cameFrom],
  );
  // Back from the question to where it was asked: it is made anew each time, and cannot lead back by itself.
  useEffect(() => {
    if (!isLeaving && leftFrom.current instanceof HTMLElement) leftFrom.current.focus();
  }, [isLeaving]);
  useEffect(() => {
    if (refusals > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true], [data-problem]')?.focus();
  }, [refusals]);

  const set = (change: SettingsChange) => {
    setDraft(now => withChange(now, change, settings));
    setProblems(now => ({ ...now, ...Object.fromEntries(Object.keys(change).map(name => [name, undefined])) }));
    setState({ name: 'idle' });
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isDirty || !online || state.name === 'saving') return;
    setState({ name: 'saving' });
    const sent = tidied(draft);
    const saved = await save(sent, pin);
    if (saved.ok) {
      setDraft({});
      setProblems({});
      setState({ name: 'saved' });
      if (sent.settings_pin !== undefined) setPin(sent.settings_pin);
      return;
    }
    setProblems(saved.problems);
    setState({ name: 'failed', why: saved.why });
    if (saved.pin) setLocked(true);
    const [first] = sectionsWith(saved.problems);
    if (!first) return;
    setSection(first);
    setRefusals(refusals + 1);
  };
  const close = () => {
    if (!isDirty) return onClose();
    leftFrom.current = document.activeElement;
    setLeaving(true);
  };

  const remarked = remark !== null && (
    <Alert
      color="yellow"
      radius={0}
      icon={<IconAlertTriangle size={20} aria-hidden />}
      role="alert"
      data-testid="settings-remark"
    >
      {remark}
    </Alert>
  );
  return (
    <LongDialog
      opened
      onClose={close}
      title={t('settings.title')}
      size={1040}
      classNames={{ content: styles.content ?? '', title: styles.title ?? '' }}
      bodyClass={styles.body}
      centered
    >
      {isLocked && remarked}
      {isLocked ? (
        <PinForm
          online={online}
          check={checkPin}
          onRight={typed => {
            setPin(typed);
            setLocked(false);
            setState({ name: 'idle' });
          }}
        />
      ) : (
        <form ref={form} className={styles.form} onSubmit={submit} noValidate data-testid="settings-form">
          {remarked}
          <Tabs
            className={styles.tabs}
            orientation="vertical"
            value={section}
            keepMounted={false}
            onChange={value => setSection(sections.find(one => one === value) ?? 'desk')}
          >
            <Tabs.List className={styles.sections} aria-label={t('settings.title')}>
              {sections.map(one => {
                const Picture = icons[one];
                return (
                  <Tabs.Tab
                    key={one}
                    value={one}
                    classNames={{ tab: styles.section ?? '', tabLabel: styles.sectionName ?? '' }}
                    data-section={one}
                    leftSection={<Picture size={20} aria-hidden />}
                    rightSection={
                      wrong.includes(one) && (
                        <IconAlertTriangle size={18} className={styles.wrong} aria-label={t('settings.hasProblem')} />
                      )
                    }
                  >
                    {t(`settings.sections.${one}`)}
                  </Tabs.Tab>
                );
              })}
            </Tabs.List>
            {sections.map(one => (
              <Tabs.Panel key={one} value={one} className={styles.panel}>
                <h3 className={styles.heading}>{t(`settings.sections.${one}`)}</h3>
                <div className={styles.fields}>
                  <SettingsSection section={one} form={{ settings, draft, problems, set }} {...surroundings} />
                </div>
              </Tabs.Panel>
            ))}
          </Tabs>
          <footer className={styles.footer}>
            <SaveState state={state} isDirty={isDirty} online={online} />
            <Button variant="default" onClick={close}>
              {t('app.close')}
            </Button>
            <Button
              type="submit"
              loading={state.name === 'saving'}
              disabled={!isDirty || !online}
              data-testid="save-settings"
            >
              {t('settings.save')}
            </Button>
          </footer>
        </form>
      )}
      {/* Made only now: one that was already there would hear the very Escape that asks for it, and close again. */}
      {isLeaving && (
        <ConfirmDialog
          about
          title={t('settings.leaveTitle')}
          text={t('settings.leaveText')}
          action={t('settings.leave')}
          onConfirm={onClose}
          onClose={() => setLeaving(false)}
        />
      )}
    </LongDialog>
  );
}

function SaveState({ state, isDirty, online }: { state: State; isDirty: boolean; online: boolean }) {
  const { t } = useTexts();
  const name = !online ? 'offline' : state.name === 'idle' ? (isDirty ? 'unsaved' : 'unchanged') : state.name;
  const Picture = {
    offline: IconAlertTriangle,
    unsaved: IconPencil,
    unchanged: IconCircleCheck,
    saving: IconLoader2,
    saved: IconCircleCheck,
    failed: IconAlertTriangle,
  }[name];
  return (
    <p className={styles.state} data-state={name} role="status" data-testid="settings-state">
      <Picture size={20} aria-hidden />
      {state.name === 'failed' && online ? state.why : t(`settings.state.${name}`)}
    </p>
  );
}
