import { Controller, Get } from '@nestjs/common';

/** Whether the process serves; says nothing of the database, so that a lost database does not restart the page. */
@Controller()
export class LivenessController {
  @Get('healthz')
  live(): { ok: true } {
    return { ok: true };
  }
}
