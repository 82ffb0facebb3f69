/**
 * S2, business events: announces a reservation and shows what comes of it. (Node 20.19 or newer.)
 *
 *   TOKEN=$(npm run --silent mostrador -- token --sub usuario_1 --role cliente)
 *   node examples/s2/reservation.mjs usuario_1 proveedor_1 "$TOKEN"
 *
 * With `DJANGO_BASE_URL` the token is Django's. MOSTRADOR_URL is where the desk is, http://127.0.0.1:8080 unless it is set.
 */
import { createClient } from '../../dist/sdk/mostrador-s2-client.js';

const [clienteId, proveedorId, token] = process.argv.slice(2);
if (!clienteId || !proveedorId || !token) {
  process.stderr.write('node reservation.mjs CLIENTE_ID PROVEEDOR_ID TOKEN\n');
  process.exit(2);
}

const client = createClient(clienteId, 'cliente', token, { url: process.env.MOSTRADOR_URL ?? 'http://127.0.0.1:8080' });
client.onConnect = ({ rooms }) => process.stdout.write(`rooms: ${rooms.join(', ')}\n`);
client.onError = ({ code, message }) => {
  process.stderr.write(`${code}: ${message}\n`);
  process.exitCode = 1;
};
client.on('event', ({ type, data, from }) => {
  process.stdout.write(`${type} from ${from}: ${JSON.stringify(data)}\n`);
  // Until it is accepted.
  if (type === 'reservation_accepted') client.close();
});
client.createReservation({
  clienteId,
  proveedorId,
  servicioId: 'servicio_1',
  fecha: new Date().toISOString(),
  estado: 'pendiente',
});
