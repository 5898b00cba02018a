import { UserProblem, venueOf } from '#core';
import { accountLook, accountLooks, equitySeries, marketTitles } from '#data';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import type { Account, EquityPoint } from './portfolio.types.js';

@Injectable()
export class PortfolioService {
  constructor(private readonly house: House) {}

  async accounts(): Promise<Account[]> {
    const looks = await accountLooks(this.house.pool);
    const known = await marketTitles(
      this.house.pool,
      looks.flatMap((look) => look.positions.map(({ market }) => market)),
    );
    return looks.map((look) => ({
      id: look.record.id,
      title: look.record.title,
      state: look.state,
      stateReason: look.stateReason,
      killed: look.killed,
      // A row of an older build does not say which.
      killedBy: look.killedBy ?? (look.killed ? ['house'] : []),
      cash: look.cash,
      reserved: look.reserved,
      equity: look.equity,
      dayBase: look.dayBase,
      peak: look.peak,
      realised: look.realised,
      lockedIn: look.lockedIn,
      lockedOverBids: look.lockedOverBids,
      fees: look.fees,
      positions: look.positions.map((position) => ({
        ...position,
        title: known.get(position.market)?.title ?? position.market,
        venue: venueOf(position.market),
      })),
      limits: look.limits.map((limit) => ({ ...limit, headroom: limit.limit - limit.use })),
      profile: look.record.limits,
    }));
  }

  async equity(account: string, from: number | null, points: number): Promise<readonly EquityPoint[]> {
    if (!(await accountLook(this.house.pool, account)))
      throw new UserProblem(`There is no account ${account}.`, [{ path: '/account', message: 'unknown account' }]);
    return equitySeries(this.house.pool, account, from, points);
  }
}
