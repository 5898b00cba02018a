import { countOfContracts as contracts, exactDollars as dollars, priceText, sizeText, type TitleOf } from '#core';
import type { CauseRow } from '#data';

type Body = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const part = (body: Body, key: string): Body =>
  typeof body[key] === 'object' && body[key] !== null ? (body[key] as Body) : {};
const because = (reason: string): string => (reason ? `: ${reason}` : '');

/** One plain sentence for each kind of tape event. Takes rows as stored: an event of an older build still gets one. */
export function tapeSentence(cause: CauseRow, title: TitleOf): string {
  const market = cause.market ? `“${title(cause.market)}”` : 'a market';
  const { body } = cause;
  switch (cause.kind) {
    case 'book':
      return bookSentence(body, market);
    case 'trade': {
      const who = body['taker'] === 'buy' ? 'a buyer took' : body['taker'] === 'sell' ? 'a seller gave' : 'traded';
      return `Trade in ${market}: ${who} ${contracts(number(body['size']))} at ${priceText(number(body['price']))}`;
    }
    case 'continuity':
      return `The book of ${market} ${body['trusted'] === true ? 'can be trusted again' : 'can no longer be trusted'} (${text(body['reason'])})${because(text(body['detail']))}`;
    case 'probe':
      return `The venue confirmed the book of ${market} unchanged`;
    case 'beat':
      return 'One second passed';
    case 'market':
      return `${market} was described by its venue: ${text(part(body, 'info')['status'])}`;
    case 'group':
      return `The event “${text(part(body, 'group')['title'])}” was described by its venue`;
    case 'resolution': {
      const outcome = part(body, 'outcome');
      const how =
        outcome['kind'] === 'void' ? 'was voided' : `resolved: YES pays ${dollars(number(outcome['yesPays']))}`;
      return `${market} ${how}${body['final'] === true ? '' : ' (not final yet)'}`;
    }
    case 'link': {
      const link = part(body, 'link');
      return `Link ${text(link['id'])} between “${title(text(link['a']))}” and “${title(text(link['b']))}” was ${text(link['state'])}`;
    }
    case 'news':
      return `News: ${text(part(body, 'item')['title'])}`;
    case 'parameters':
      return `New parameters ${text(body['key'])} for ${text(body['plugin'])}`;
    case 'latency':
      return `An order to ${text(body['venue'])} now takes ${number(body['orderMs'])} ms`;
    case 'paused':
      return `Workflow ${text(body['workflow'])} was paused${because(text(body['reason']))}`;
    case 'act':
      return `${text(body['by']) || 'Someone'} ${actWords(part(body, 'act'))}`;
    default:
      return `An event of kind ${cause.kind}`;
  }
}

function bookSentence(body: Body, market: string): string {
  const levels = Array.isArray(body['levels']) ? (body['levels'] as readonly Body[]) : [];
  if (body['snapshot'] === true)
    return levels.length === 0 ? `The book of ${market} is empty` : `Whole book of ${market}: ${levels.length} levels`;
  const shown = levels
    .slice(0, 3)
    .map(
      (level) =>
        `${text(level['side'])} ${priceText(number(level['price']))} ${number(level['size']) === 0 ? 'gone' : `now ${sizeText(number(level['size']))}`}`,
    )
    .join(', ');
  return `Book of ${market} changed: ${shown}${levels.length > 3 ? ` and ${levels.length - 3} more levels` : ''}`;
}

function actWords(act: Body): string {
  switch (act['kind']) {
    case 'account':
      return `saved account ${text(part(act, 'account')['id'])} with its limits`;
    case 'workflow': {
      const workflow = part(act, 'workflow');
      return `saved workflow ${text(workflow['id'])} in mode ${text(workflow['mode'])}`;
    }
    case 'workflow-archived':
      return `archived workflow ${text(act['workflow'])}`;
    case 'workflow-resumed':
      return `resumed workflow ${text(act['workflow'])}`;
    case 'enablement':
      return 'changed where plugins are enabled';
    case 'kill-switch':
      return `turned the kill switch ${act['on'] === true ? 'on' : 'off'}${act['account'] ? ` for ${text(act['account'])}` : ' for the whole house'}${because(text(act['reason']))}`;
    case 'reset-halt':
      return `reset the halt of ${text(act['account'])}`;
    case 'deposit':
      return number(act['amount']) < 0
        ? `took ${dollars(0 - number(act['amount']))} out of ${text(act['account'])}`
        : `paid ${dollars(number(act['amount']))} into ${text(act['account'])}`;
    default:
      return `acted (${text(act['kind'])})`;
  }
}
