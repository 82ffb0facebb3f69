import { IconDoor } from '@tabler/icons-react';
import type { Summary } from '../../../protocol/dashboard.ts';
import { StateMessage } from '../state-message.tsx';
import { useTexts } from '../texts/use-texts.tsx';
import styles from './table.module.css';

const shown = 100;

/** Rooms with their members, the fullest first. */
export function RoomsTable({ rooms }: Pick<Summary, 'rooms'>) {
  const { t } = useTexts();
  if (rooms.length === 0) return <StateMessage icon={IconDoor} title={t('dashboard.roomsEmpty')} />;
  const fullest = [...rooms].sort((a, b) => b.clients - a.clients).slice(0, shown);
  return (
    <div className={styles.scroller}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <table className={styles.table} data-testid="rooms" aria-label={t('dashboard.rooms')} tabIndex={0}>
        <thead>
          <tr>
            <th scope="col">{t('dashboard.room')}</th>
            <th scope="col" className={styles.number}>
              {t('dashboard.members')}
            </th>
          </tr>
        </thead>
        <tbody>
          {fullest.map(({ name, clients }) => (
            <tr key={name}>
              <th scope="row" className={styles.long}>
                {name}
              </th>
              <td className={styles.number}>{clients}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rooms.length > shown && <p className={styles.more}>{t('dashboard.more', { count: rooms.length - shown })}</p>}
    </div>
  );
}
