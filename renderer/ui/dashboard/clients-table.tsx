import { IconUsers } from '@tabler/icons-react';
import type { Client } from '../../../protocol/dashboard.ts';
import { StateMessage } from '../state-message.tsx';
import { useTexts } from '../texts/use-texts.tsx';
import { age } from './measures.ts';
import styles from './table.module.css';

/** More rows than that nobody reads, and drawing them would cost more than looking after them. */
const shown = 100;

/** Who is connected, the newest first. */
export function ClientsTable({ clients }: { clients: readonly Client[] }) {
  const { t } = useTexts();
  if (clients.length === 0) return <StateMessage icon={IconUsers} title={t('dashboard.clientsEmpty')} />;
  const newest = [...clients].sort((a, b) => a.connected_s - b.connected_s).slice(0, shown);
  return (
    <div className={styles.scroller}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <table className={styles.table} data-testid="clients" aria-label={t('dashboard.clients')} tabIndex={0}>
        <thead>
          <tr>
            <th scope="col">{t('dashboard.role')}</th>
            <th scope="col">{t('dashboard.protocol')}</th>
            <th scope="col">{t('dashboard.address')}</th>
            <th scope="col">{t('dashboard.age')}</th>
            <th scope="col">{t('dashboard.rooms')}</th>
          </tr>
        </thead>
        <tbody>
          {newest.map(({ id, role, protocol, address, connected_s, rooms }) => (
            <tr key={id} data-role={role ?? 'none'}>
              <th scope="row">{t(`dashboard.roles.${role ?? 'none'}`)}</th>
              <td>{protocol === 'native' ? 'WebSocket' : protocol.toUpperCase()}</td>
              <td className={styles.plain}>{address}</td>
              <td className={styles.plain}>{age(connected_s, t)}</td>
              <td className={styles.long}>{rooms.length > 0 ? rooms.join(', ') : t('dashboard.noRooms')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {clients.length > shown && (
        <p className={styles.more}>{t('dashboard.more', { count: clients.length - shown })}</p>
      )}
    </div>
  );
}
