"""A fastapi_framework service without its web server: it reads requests and writes replies as lines of JSON.

The settings are those of fastapi_framework: JWT_SECRET_KEY, REDIS_HOST, REDIS_PORT and so on.
"""

import asyncio
import json
import os
import sys

os.environ["DISABLED_MODULES"] = "config;database;settings"
# Keeps the output of imported modules out of the replies.
replies = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

from fastapi import HTTPException  # noqa: E402
from fastapi_framework import (  # noqa: E402
    check_refresh_token,
    create_access_token,
    create_refresh_token,
    generate_tokens,
    get_data,
    invalidate_refresh_token,
    redis_dependency,
)


async def login(redis, data, user_id):
    return await generate_tokens(data, user_id, redis)


async def refresh(redis, token, data):
    """The refresh route as apps usually write it: check, read, invalidate, generate."""
    if not await check_refresh_token(token, redis):
        raise HTTPException(401, "unknown")
    user_id = (await get_data(token))["user_id"]
    await invalidate_refresh_token(token, redis)
    return await generate_tokens(data, user_id, redis)


async def logout(redis, token):
    await invalidate_refresh_token(token, redis)


async def check(redis, token):
    return await check_refresh_token(token, redis)


async def data(redis, token):
    """The data that a protected route receives."""
    return await get_data(token)


async def access_token(redis, data):
    return await create_access_token(data)


async def refresh_token(redis, user_id):
    return await create_refresh_token(user_id, redis)


async def main():
    redis = await redis_dependency()
    calls = {call.__name__: call for call in (login, refresh, logout, check, data, access_token, refresh_token)}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            reply = {"ok": await calls[request.pop("call")](redis, **request)}
        except HTTPException as refusal:
            reply = {"refused": refusal.status_code}
        print(json.dumps(reply), file=replies, flush=True)


asyncio.run(main())
