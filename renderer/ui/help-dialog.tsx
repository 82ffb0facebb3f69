import { Switch } from '@mantine/core';
import styles from './help-dialog.module.css';
import { LongDialog } from './long-dialog.tsx';
import { useTexts } from './texts/use-texts.tsx';

/** Which keys there are; what they do stands at their controls, in `aria-keyshortcuts`. */
const groups = [
  {
    name: 'desk.keys.anywhere.name',
    rows: [
      ['desk.keys.anywhere.person', ['N']],
      ['desk.keys.anywhere.tabs', ['K', 'J']],
      ['desk.keys.anywhere.log', ['L']],
      ['desk.keys.anywhere.lock', ['B']],
      ['desk.keys.anywhere.help', ['?']],
      ['desk.keys.anywhere.close', ['Esc']],
      ['desk.keys.anywhere.undo', ['Ctrl+Z']],
    ],
  },
  {
    name: 'desk.keys.photos.name',
    rows: [
      ['desk.keys.photos.move', ['←', '→', '↑', '↓']],
      ['desk.keys.photos.ends', ['Home', 'End']],
      ['desk.keys.photos.open', ['Enter']],
      ['desk.keys.photos.accept', ['A']],
      ['desk.keys.photos.reject', ['R']],
    ],
  },
  {
    name: 'desk.keys.viewer.name',
    rows: [
      ['desk.keys.viewer.step', ['←', '→']],
      ['desk.keys.viewer.accept', ['A']],
      ['desk.keys.viewer.reject', ['R']],
      ['desk.keys.viewer.zoom', ['+', '-']],
      ['desk.keys.viewer.turn', ['G']],
      ['desk.keys.viewer.save', ['S']],
      ['desk.keys.viewer.print', ['P']],
      ['desk.keys.viewer.pass', ['M']],
      ['desk.keys.viewer.remove', ['Delete']],
    ],
  },
] as const;

/** Those that a keyboard of another language has other words on. */
const worded: Readonly<Record<string, `desk.keys.${'home' | 'end' | 'enter' | 'delete'}`>> = {
  Home: 'desk.keys.home',
  End: 'desk.keys.end',
  Enter: 'desk.keys.enter',
  Delete: 'desk.keys.delete',
};

interface Props {
  opened: boolean;
  shortcuts: boolean;
  onShortcuts: (on: boolean) => void;
  onClose: () => void;
}

/** All that the keyboard and a bar code reader can do here. */
export function HelpDialog({ opened, shortcuts, onShortcuts, onClose }: Props) {
  const { t } = useTexts();
  return (
    <LongDialog
      opened={opened}
      onClose={onClose}
      title={t('desk.keys.title')}
      size="xl"
      centered
      zIndex={400}
      data-testid="help"
    >
      <p className={styles.reader}>{t('desk.keys.reader')}</p>
      <Switch
        size="lg"
        className={styles.switch}
        classNames={{ body: styles.switchBody ?? '' }}
        checked={shortcuts}
        label={t('desk.keys.single')}
        description={t('desk.keys.singleHint')}
        onChange={event => onShortcuts(event.currentTarget.checked)}
      />
      <div className={styles.groups}>
        {groups.map(({ name, rows }) => (
          <section key={name}>
            <h3 className={styles.name}>{t(name)}</h3>
            <dl className={styles.list}>
              {rows.map(([what, keys]) => (
                <div key={what} className={styles.row}>
                  <dt>
                    {keys.map(key => (
                      <kbd key={key}>{worded[key] === undefined ? key : t(worded[key])}</kbd>
                    ))}
                  </dt>
                  <dd>{t(what)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </LongDialog>
  );
}
