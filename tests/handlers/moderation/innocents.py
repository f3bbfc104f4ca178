"""What people say without any harm although it looks, sounds or is put together like a bad word."""

LOOK_ALIKES = """
    生日快乐 路口交通堵了 他妈妈来接他 女装打折 测试一下 管理员在吗 今晚打老虎 妈妈 哈哈哈哈 大家口交接班好
    出口交费 窗口交材料 人口交流 进群交流 群交易规则 海口交警 端口交换机 关口交接 去死海玩 去死磕这道题
    滚开水烫一下 滚滚长江东逝水 圆滚滚的 打滚撒娇 滚筒洗衣机 滚动播放 狗粮买好了 遛狗去了 热狗真好吃 狗年大吉
    我家狗狗病了 猪肉涨价 猪年出生 小猪佩奇 佩奇的弟弟乔治 猪脚饭 垃圾分类 厨余垃圾 倒垃圾了吗 垃圾桶在哪
    傻傻分不清 傻瓜相机 傻瓜式操作 废物利用 医疗废物 变废为宝 智能手环 智障人士就业 弱智儿童康复
    脑瘫患儿需要帮助 有病就看医生 你有病假吗 你有病历吗 神经内科几楼 精神科挂号 变态辣的火锅 毛毛虫变态发育
    变态反应 下贱卖场 贱卖了 贵贱不分 婊里如一 表里如一 操场跑步 操作说明 体操比赛 情操高尚 曹操来了 草莓真甜
    草泥塘 我操心孩子 操碎了心 日你好 今日你好 干你这行不容易 干娘家的饺子 王八汤 甲鱼炖王八 乌龟壳 龟苓膏
    二百五十块 十三点半 十三点整开会 三八妇女节 二货车 二手货 狐狸精灵 绿茶饼干 喝绿茶 白莲花开了 老鼠屎咖啡
    猫屎咖啡 吃屎壳郎 狗屎运 铲屎官 踩到狗屎 马桶里有屎 放屁虫 宝宝放屁多 屁股疼 屁颠屁颠 拍马屁 马屁精测试
    小心地滑 出门小心点路滑 杀了鱼再走 杀死比赛 打死蚊子 打死也不说 笑死我了 累死了 饿死了 困死了 热死人 冻死了
    气死我了 可爱死了 帅死了 想死你了 爱死你了 美死你了 烦死了 卧槽这么贵 我靠窗坐 我靠 牛逼的设计 牛掰 老铁扎心
    笑掉大牙 六六六 老六来了 憨憨的 瓜娃子真可爱 龟儿子耍得好 哈皮的一天 脑洞大开 脑子转得快 脸皮薄 厚脸皮学英语
    不要脸红 要点脸部护理 给脸上色 死角清理 死机了 死党聚会 死心塌地 死记硬背 死海 半死不活 九死一生 誓死捍卫
    死亡赛跑 生死看淡 骗子太多防不胜防 别被骗子骗了 小偷抓到了 流氓兔 疯狂星期四 疯子科学家 丑小鸭 丑时 丑化
    我长得丑 贱内 野种子 杂种优势 杂种水稻 畜生道 畜牧业 六畜兴旺 禽兽医院 强奸罪量刑 预防性侵 反家暴 白人饭
    黑人牙膏 河南人很热情 东北人都是活雷锋 上海人都在排队 女司机技术好 男人节 女人如花 内射线检查 室内射击馆
    体内射频 肛肠科 乳腺科 胸口疼 胸片拍了吗 内裤尺码 丝袜勾丝 上床睡觉 孩子上床没 上了你的车 摸鱼 摸底考试
    看看胸围尺寸 睡你旁边 让我睡会 包夜宵 约跑步 约泡温泉 约饭 泡面 炮兵 鞭炮 口我都干了 湿了吗衣服 硬了的面包
"""
SOUND_ALIKES = """
    出生在春天 男人节快乐 前面有钱吗 多少钱吗 开放吗今天 你个子真高 你哥哥在吗 是一样的 去世三年了 颜色好看
    飞舞的蝴蝶 非物质文化遗产 构思巧妙 彼此关心 见仁见智 任建人老师 杂志订阅 残渣剩饭 闸口 治丧 至尊 制胜
    智商在线 啥比这重要 撒贝宁 莎士比亚 沙壁画 鲨鱼 啥都行 笔记本 比比看 你妈妈好 你们那儿 你马上来
    你骂谁呢别生气 尼罗河 泥瓦匠 你买的吗 拿你吗 嫁妆 妈咪 骂人不对 马到成功 玛瑙 吗啡 麻辣烫 曹先生 嘈杂 草坪
    槽点 操作 四了 死了吗手机 司令 思思 撕了吧这张纸 滚滚的来 棍子 衮衮诸公 旦旦 蛋炒饭 但是 石榴 诗歌 十个 尸体
    狮子 施工 试试 吃食堂 池塘 痴心 翅膀 去试试 去市场 取死角 曲奇 区别 趣事 驱使 贱卖 见面 健身 件件 简易 建议
    剑客 江湖 间隔 监狱 肩膀 尖叫 蠢蠢欲动 春天 唇膏 纯净水 货物 祸福 伙伴 火锅 获得 或者 惑星 霍元甲 傅先生
    父母 费用 肺部 废话少说 飞吻 王吧台 网吧 旺铺 往吧台走 婊 表姐 镖师 标志 杂种水稻田 中国 钟表 忠诚 重量 种植
    众多 肿了 斯凯奇 撕开包装 四开纸 你搁哪了 腻歪 逆行 拟定 舔冰淇淋 天比较热 甜品店 填表 田鼠 欠打卡
    钱打过去了 欠揍款 前奏很好听
"""
LATIN_ALIKES = """
    she is nice|can you help me|sun and moon|long long ago|usb接口|sbin目录|nasa|cnmooc|tmdb评分|
    html|css|fwd一下|b站更新|a股大涨|c位出道|ok的|hello大家好|bye|shanghai is big|beijing|ni hao|
    ni hao ma|xie xie|wo ai ni|nan ren|chu sheng|shi yi yang|kai fang ma|ban ma|niu bi kui|
    gan bei|dan gao|pin yin|xi an|hai di lao|san guo sha|sha mo|bi ji ben|bi sai|ma ma|
    ba ba|ge ge|die die|gong xi fa cai|iphone|ipad|wifi密码|vip会员|ktv|ppt|pdf|excel|2b铅笔|
    3d打印|4s店|5g网络|p图|k歌|t恤|x光|fei ji|fei yong|zhi dao|zhi ma|zhi zhang shang|jian shen|
    jian mian|nao zhong|nao dai|mei you nao|gun dong|gun zi|si ji|si le ma shou ji|qu shi|
    qu shi chang|
"""


def phrases() -> list[str]:
    """All of them."""
    latin = [phrase.strip() for phrase in LATIN_ALIKES.replace("\n", "").split("|")]
    return [*LOOK_ALIKES.split(), *SOUND_ALIKES.split(), *filter(None, latin)]
