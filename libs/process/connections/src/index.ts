export { guardArrivals } from './arrivals.js';
export { breakOff, closeStream, whenNothingIsRead } from './break-off.js';
export { calm, calmSessions } from './calm-sessions.js';
export { ConnectionDoor, connectionLimits, guardConnections } from './connection-door.js';
export { type ConnectionLimits, ConnectionRoom } from './connection-room.js';
export { FairRounds, type RoundBounds } from './fair-rounds.js';
