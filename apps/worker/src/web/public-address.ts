import { lookup as resolveName, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { OutsideProblem } from '#core';

/** Networks that are nobody's on the public internet (IANA's special-purpose registries, autumn 2026). */
const NOT_PUBLIC = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv4');
// Within what is given out at all: protocols, tunnels that hide an IPv4 address, documentation.
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv6');
const GIVEN_OUT = new BlockList();
GIVEN_OUT.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address belongs to the public internet; what is no address does not. */
export function isPublicAddress(address: string): boolean {
  const plain = address.split('%', 1)[0];
  const version = isIP(plain);
  if (version === 4) return !NOT_PUBLIC.check(plain, 'ipv4');
  // Also closes out every form of an IPv4 address within an IPv6 one.
  return version === 6 && GIVEN_OUT.check(plain, 'ipv6') && !NOT_PUBLIC.check(plain, 'ipv6');
}

const refusal = (host: string, address: string, setting: string): OutsideProblem =>
  new OutsideProblem(
    `${host} ${host === address ? 'is' : `leads to ${address},`} no public address; ${setting} has to name it before it is asked`,
    false,
  );

/** What asks the name servers; tests have one of their own. */
export type Resolve = (
  host: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;
const system: Resolve = (host, done) => resolveName(host, { all: true, verbatim: true }, done);

/** How a connection may be opened: handed to whatever opens it. */
export interface Passage {
  readonly lookup: LookupFunction;
}

/**
 * The way to a host that news may come from or notices go to: one of the public internet, or one of `allowed` (`host:port`),
 * which come from the environment variable `setting`. The addresses that were looked at are those that are connected to, so
 * a name cannot be given a second meaning in between.
 *
 * @throws OutsideProblem for an address of a private network; a name that has one fails its connection with the same.
 */
export function passageTo(url: URL, allowed: ReadonlySet<string>, setting: string, resolve: Resolve = system): Passage {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const free = allowed.has(`${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol]}`);
  // A connection to a number asks no name server.
  if (!free && isIP(host) !== 0 && !isPublicAddress(host)) throw refusal(host, host, setting);
  return {
    lookup: (name, options, done) =>
      resolve(name, (error, addresses) => {
        const found = options.family
          ? addresses?.filter(({ family }) => family === familyOf(options.family))
          : addresses;
        if (error || !found || found.length === 0) {
          done(error ?? Object.assign(new Error(`no address of ${name}`), { code: 'ENOTFOUND' }), '', 0);
          return;
        }
        // One private address among public ones is no accident.
        const wrong = free ? undefined : found.find(({ address }) => !isPublicAddress(address));
        if (wrong) done(refusal(name, wrong.address, setting), '', 0);
        else if (options.all) done(null, found);
        else done(null, found[0].address, found[0].family);
      }),
  };
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'ws:': '80', 'https:': '443', 'wss:': '443' };
const familyOf = (family: number | 'IPv4' | 'IPv6' | undefined): number =>
  family === 'IPv6' ? 6 : family === 'IPv4' ? 4 : (family ?? 0);
