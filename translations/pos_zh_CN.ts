<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutPanel</name>
    <message>
        <source>Shop</source>
        <translation>门店</translation>
    </message>
    <message>
        <source>Till</source>
        <translation>收银台</translation>
    </message>
    <message>
        <source>Platform</source>
        <translation>平台</translation>
    </message>
    <message>
        <source>The data lie in</source>
        <translation>数据存放在</translation>
    </message>
    <message>
        <source>The keys lie in</source>
        <translation>密钥存放在</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Are the books in order?</source>
        <translation>账本有没有问题？</translation>
    </message>
    <message>
        <source>Examine</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Examining</source>
        <translation>正在检查</translation>
    </message>
    <message>
        <source>Every sale, code and figure on this till is checked. Nothing is changed.</source>
        <translation>逐笔核对本机的销售、卡密和金额，只看不改。</translation>
    </message>
    <message>
        <source>the keyring of this PC</source>
        <translation>本机的钥匙串</translation>
    </message>
    <message>
        <source>the folder that was named for them</source>
        <translation>指定的文件夹</translation>
    </message>
    <message>
        <source>a file of yours, for this PC has no keyring: keep others away from your account</source>
        <translation>您账户下的文件（本机没有钥匙串），请勿让他人使用您的电脑账户</translation>
    </message>
</context>
<context>
    <name>AmountBack</name>
    <message>
        <source>{what}: {money} can go back. Enter takes all of it.</source>
        <translation>{what}：最多可退 {money}，按回车全退。</translation>
    </message>
    <message>
        <source>How much goes back</source>
        <translation>退多少</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>{money} in cash out of the drawer</source>
        <translation>{money} 从钱箱退现金</translation>
    </message>
    <message>
        <source>{money} back to {wallet}, by itself</source>
        <translation>{money} 退回{wallet}，自动退</translation>
    </message>
</context>
<context>
    <name>Backups</name>
    <message>
        <source>Of</source>
        <translation>时间点</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Last receipt</source>
        <translation>最后小票号</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
</context>
<context>
    <name>BackupsPanel</name>
    <message>
        <source>A copy of the books is made by itself when a shift is closed and before an upgrade, and looked over before it counts. Copy the folder of the data to another disk now and then; the keys lie elsewhere and are needed too.</source>
        <translation>每次交班后、每次升级前自动备份账本，检查无误才算数。请不时把数据文件夹复制到另一块磁盘；密钥存放在别处，恢复时同样需要。</translation>
    </message>
    <message>
        <source>There is none yet. The first one is made when a shift is closed.</source>
        <translation>还没有备份。第一次交班后会自动生成。</translation>
    </message>
    <message>
        <source>Make one now</source>
        <translation>立即备份</translation>
    </message>
    <message>
        <source>Yes, put it back</source>
        <translation>确认恢复</translation>
    </message>
    <message>
        <source>Put it back</source>
        <translation>恢复此备份</translation>
    </message>
    <message>
        <source>The books are being copied. Go on selling.</source>
        <translation>正在备份账本，可以继续销售。</translation>
    </message>
    <message>
        <source>The till closes and opens again with the books of {receipt}. What was sold after it is not in them; the present files are set aside, nothing is deleted. The till may ask to be enrolled anew before it sells.</source>
        <translation>收银台将关闭，并用截至 {receipt} 的账本重新打开。此后的销售不在其中；现有文件另存一旁，不会删除。销售前可能需要重新登记本机。</translation>
    </message>
    <message>
        <source>The backup is made and was looked over.</source>
        <translation>备份已完成，并已检查。</translation>
    </message>
</context>
<context>
    <name>Cart</name>
    <message>
        <source>Empty</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>Take payment</source>
        <translation>收款</translation>
    </message>
    <message>
        <source>Back to the basket</source>
        <translation>返回购物篮</translation>
    </message>
    <message>
        <source>Scan a card, or type a name or a phone number</source>
        <translation>扫卡，或输入名称、手机号</translation>
    </message>
    <message>
        <source>1 item</source>
        <translation>共 1 件</translation>
    </message>
    <message>
        <source>{n} items</source>
        <translation>共 {n} 件</translation>
    </message>
    <message>
        <source>Basket</source>
        <translation>购物篮</translation>
    </message>
    <message>
        <source>↑ ↓ line   + − quantity   Del remove</source>
        <translation>↑ ↓ 选行   + − 数量   Del 删行</translation>
    </message>
</context>
<context>
    <name>Chips</name>
    <message>
        <source>Often sold</source>
        <translation>常卖</translation>
    </message>
</context>
<context>
    <name>Comparison</name>
    <message>
        <source>Counted</source>
        <translation>实点</translation>
    </message>
    <message>
        <source>Expected by the books</source>
        <translation>账面应有</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差额</translation>
    </message>
    <message>
        <source>Not finished, carried over: {n}, with {money}</source>
        <translation>未完成 {n} 笔，转到下一班，涉及 {money}</translation>
    </message>
    <message>
        <source>Not yet with the platform: {n}; it goes up by itself</source>
        <translation>还没报到平台：{n} 条，联网后自动补报</translation>
    </message>
    <message>
        <source>{wallet} ({n})</source>
        <translation>{wallet}（{n} 笔）</translation>
    </message>
    <message>
        <source>Back to {wallet} ({n})</source>
        <translation>退回{wallet}（{n} 笔）</translation>
    </message>
    <message>
        <source>Still being checked: {n}</source>
        <translation>还在核实：{n} 笔</translation>
    </message>
    <message>
        <source>The drawer is right to the last coin</source>
        <translation>钱箱分文不差</translation>
    </message>
    <message>
        <source>{money} short: the drawer holds less than the books say</source>
        <translation>短款 {money}：钱箱比账面少</translation>
    </message>
    <message>
        <source>{money} over: the drawer holds more than the books say</source>
        <translation>长款 {money}：钱箱比账面多</translation>
    </message>
</context>
<context>
    <name>CountPanel</name>
    <message>
        <source>Count the drawer</source>
        <translation>点钞</translation>
    </message>
    <message>
        <source>Type how many of each, or the whole sum at the bottom. The books are compared afterwards.</source>
        <translation>输入每种面额的张数，或在最下面直接输入总数。点完再和账面核对。</translation>
    </message>
    <message>
        <source>Other money, or all in one sum</source>
        <translation>其他零钱，或直接输入总数</translation>
    </message>
    <message>
        <source>Counted</source>
        <translation>实点</translation>
    </message>
    <message>
        <source>Counted, compare</source>
        <translation>点好了，核对</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>先不</translation>
    </message>
    <message>
        <source>How many of {face}</source>
        <translation>{face} 有几张</translation>
    </message>
</context>
<context>
    <name>Day</name>
    <message>
        <source>none last {weekday}</source>
        <translation>上{weekday}没有销售</translation>
    </message>
    <message>
        <source>last {weekday} in all: {figure}</source>
        <translation>上{weekday}全天：{figure}</translation>
    </message>
    <message>
        <source>as last {weekday}</source>
        <translation>和上{weekday}持平</translation>
    </message>
    <message>
        <source>{percent} % above last {weekday}</source>
        <translation>比上{weekday}多 {percent}%</translation>
    </message>
    <message>
        <source>{percent} % below last {weekday}</source>
        <translation>比上{weekday}少 {percent}%</translation>
    </message>
    <message>
        <source>nothing waits</source>
        <translation>没有待办</translation>
    </message>
    <message>
        <source>not finished, now</source>
        <translation>目前未完成</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>商品</translation>
    </message>
    <message>
        <source>Ways to pay</source>
        <translation>支付方式</translation>
    </message>
    <message>
        <source>Cashiers</source>
        <translation>收银员</translation>
    </message>
</context>
<context>
    <name>DayPageView</name>
    <message>
        <source>The day&apos;s sales</source>
        <translation>当日销售</translation>
    </message>
    <message>
        <source>today, so far</source>
        <translation>今天，截至目前</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>前一天</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>后一天</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Save as files</source>
        <translation>导出文件</translation>
    </message>
    <message>
        <source>Takings by hour</source>
        <translation>每小时营业额</translation>
    </message>
    <message>
        <source>For the owner</source>
        <translation>店主查看</translation>
    </message>
    <message>
        <source>The day&apos;s figures open with the owner&apos;s PIN, and close when the page is left.</source>
        <translation>输入店主的密码即可查看，离开本页后自动关闭。</translation>
    </message>
    <message>
        <source>Save the day as files</source>
        <translation>导出当日销售</translation>
    </message>
    <message>
        <source>Workbook and CSV (*.xlsx)</source>
        <translation>表格和 CSV (*.xlsx)</translation>
    </message>
    <message>
        <source>Saved: {paths}</source>
        <translation>已导出：{paths}</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>正在保存</translation>
    </message>
    <message>
        <source>Takings</source>
        <translation>营业额</translation>
    </message>
    <message>
        <source>Number of sales</source>
        <translation>笔数</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>毛利</translation>
    </message>
    <message>
        <source>To do</source>
        <translation>待办</translation>
    </message>
</context>
<context>
    <name>DonePanel</name>
    <message>
        <source>Change</source>
        <translation>找零</translation>
    </message>
    <message>
        <source>received {received} for {total}   no. {number}</source>
        <translation>收 {received}，应收 {total}   单号 {number}</translation>
    </message>
    <message>
        <source>Try printing again</source>
        <translation>再打一次</translation>
    </message>
    <message>
        <source>Yes, it is here</source>
        <translation>打出来了</translation>
    </message>
    <message>
        <source>No, print it again</source>
        <translation>没有，再打一张</translation>
    </message>
    <message>
        <source>Give codes that are held here</source>
        <translation>先给备用卡密</translation>
    </message>
    <message>
        <source>The next scan starts the next sale.</source>
        <translation>接着扫下一件，就是下一单。</translation>
    </message>
    <message>
        <source>{wallet} received</source>
        <translation>{wallet}已收款</translation>
    </message>
    <message>
        <source>{number}, from what is held here</source>
        <translation>{number}，用的是备用卡密</translation>
    </message>
    <message>
        <source>no. {number}</source>
        <translation>小票号 {number}</translation>
    </message>
    <message>
        <source>{wallet} by wallet, received {received} for {total}   no. {number}</source>
        <translation>钱包付 {wallet}，合计 {total}，收现金 {received}   小票号 {number}</translation>
    </message>
    <message>
        <source>Give the money back</source>
        <translation>退钱给顾客</translation>
    </message>
    <message>
        <source>Paid, the code is on its way</source>
        <translation>钱已收好，卡密还在路上</translation>
    </message>
    <message>
        <source>Paid, a slip is missing</source>
        <translation>钱已收好，有小票没打出</translation>
    </message>
    <message>
        <source>Paid, printing</source>
        <translation>钱已收好，正在打印</translation>
    </message>
    <message>
        <source>Paid, the top-up is on its way</source>
        <translation>钱已收好，充值进行中</translation>
    </message>
    <message>
        <source>Handed over</source>
        <translation>已交付</translation>
    </message>
    <message>
        <source>{why} It waits under To do.</source>
        <translation>{why}已记在待办里。</translation>
    </message>
    <message>
        <source>Did the slip come out readable? Printing broke off: {cause}.</source>
        <translation>小票打出来了吗，看得清吗？打印中断：{cause}。</translation>
    </message>
    <message>
        <source>High sums wait a while: the codes come at {time} and print by themselves.</source>
        <translation>大额要等一会儿：{time} 出卡密，到时自动打印。</translation>
    </message>
    <message>
        <source>The platform does not answer. Other codes of the same goods are held here; the order is withdrawn, and the customer gets only one of both.</source>
        <translation>平台没有回应。本机有同样商品的备用卡密，可以先给顾客；原订单会自动撤回，不会给两份。</translation>
    </message>
    <message>
        <source>The platform does not answer. The money is safe; the code will follow by itself.</source>
        <translation>平台没有回应。钱已收好，卡密会自动补上，请稍候。</translation>
    </message>
</context>
<context>
    <name>FieldRow</name>
    <message>
        <source>{field}: missing or no good</source>
        <translation>{field}：没填或不对</translation>
    </message>
    <message>
        <source>{field} (if there is one)</source>
        <translation>{field}（有就填）</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>更换</translation>
    </message>
    <message>
        <source>From a file</source>
        <translation>从文件读</translation>
    </message>
</context>
<context>
    <name>FieldsForm</name>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Nobody needs a password for this. Never ask for one.</source>
        <translation>充值不需要密码，千万不要问顾客要。</translation>
    </message>
    <message>
        <source>{field} (if any)</source>
        <translation>{field}（可不填）</translation>
    </message>
</context>
<context>
    <name>FilesBar</name>
    <message>
        <source>The books are being looked over. Selling begins in a moment.</source>
        <translation>正在检查账本，稍候即可销售。</translation>
    </message>
    <message>
        <source>Only {n} MB are left on the disk. Below 200 MB no new sale begins: make room soon.</source>
        <translation>磁盘只剩 {n} MB。低于 200 MB 时不能开始新的销售，请尽快腾出空间。</translation>
    </message>
    <message>
        <source>The closed shift has no backup yet; the till tries again by itself. {why}</source>
        <translation>上一班还没有备份，系统会自动重试。{why}</translation>
    </message>
</context>
<context>
    <name>FirstOwnerPage</name>
    <message>
        <source>Welcome. Who owns this shop?</source>
        <translation>欢迎。店主是谁？</translation>
    </message>
    <message>
        <source>The owner sees the day&apos;s figures and adds the others. Take a PIN of six digits or more.</source>
        <translation>店主能看每天的账，也能添加其他人。密码至少六位数字。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>The same PIN again</source>
        <translation>再输一次密码</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Please type the owner&apos;s name.</source>
        <translation>请输入店主的名字。</translation>
    </message>
    <message>
        <source>The two PINs differ. Please type both once more.</source>
        <translation>两次输入的密码不一样，请都再输一遍。</translation>
    </message>
</context>
<context>
    <name>FullTable</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Takings</source>
        <translation>营业额</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>毛利</translation>
    </message>
</context>
<context>
    <name>GatewayRow</name>
    <message>
        <source>Ask earlier</source>
        <translation>往前排</translation>
    </message>
    <message>
        <source>Switch off</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>Switch on</source>
        <translation>启用</translation>
    </message>
    <message>
        <source>Set up</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>Gateways</name>
    <message>
        <source>Shouqianba</source>
        <translation>收钱吧</translation>
    </message>
    <message>
        <source>Alipay</source>
        <translation>支付宝</translation>
    </message>
    <message>
        <source>WeChat Pay</source>
        <translation>微信支付</translation>
    </message>
    <message>
        <source>Lakala</source>
        <translation>拉卡拉</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>接口地址</translation>
    </message>
    <message>
        <source>Vendor number (vendor_sn)</source>
        <translation>服务商序列号（vendor_sn）</translation>
    </message>
    <message>
        <source>Vendor key (vendor_key)</source>
        <translation>服务商密钥（vendor_key）</translation>
    </message>
    <message>
        <source>Application (app_id)</source>
        <translation>应用编号（app_id）</translation>
    </message>
    <message>
        <source>Activation code</source>
        <translation>激活码</translation>
    </message>
    <message>
        <source>Device (a name for this till, never changed)</source>
        <translation>设备号（给这台收银台起个名，以后不改）</translation>
    </message>
    <message>
        <source>Serial number of our certificate</source>
        <translation>本店证书序列号</translation>
    </message>
    <message>
        <source>Our private key</source>
        <translation>本店私钥</translation>
    </message>
    <message>
        <source>The platform&apos;s certificate</source>
        <translation>平台证书</translation>
    </message>
    <message>
        <source>Merchant number</source>
        <translation>商户号</translation>
    </message>
    <message>
        <source>Terminal number</source>
        <translation>终端号</translation>
    </message>
    <message>
        <source>Agency code</source>
        <translation>机构号</translation>
    </message>
    <message>
        <source>The shop&apos;s internet address (IP)</source>
        <translation>门店的外网 IP</translation>
    </message>
    <message>
        <source>How both sides are known</source>
        <translation>验签方式</translation>
    </message>
    <message>
        <source>Alipay&apos;s public key</source>
        <translation>支付宝公钥</translation>
    </message>
    <message>
        <source>Application certificate</source>
        <translation>应用公钥证书</translation>
    </message>
    <message>
        <source>Alipay&apos;s root certificate</source>
        <translation>支付宝根证书</translation>
    </message>
    <message>
        <source>Alipay&apos;s certificate</source>
        <translation>支付宝公钥证书</translation>
    </message>
    <message>
        <source>Product for scanned codes</source>
        <translation>付款码产品</translation>
    </message>
    <message>
        <source>Product for shown codes</source>
        <translation>收款码产品</translation>
    </message>
    <message>
        <source>Store number</source>
        <translation>门店编号</translation>
    </message>
    <message>
        <source>Terminal</source>
        <translation>终端编号</translation>
    </message>
    <message>
        <source>Interface</source>
        <translation>接口版本</translation>
    </message>
    <message>
        <source>Application (appid)</source>
        <translation>应用编号（appid）</translation>
    </message>
    <message>
        <source>Merchant number (mchid)</source>
        <translation>商户号（mchid）</translation>
    </message>
    <message>
        <source>Merchant&apos;s private key (apiclient_key.pem)</source>
        <translation>商户私钥（apiclient_key.pem）</translation>
    </message>
    <message>
        <source>Serial number of the merchant&apos;s certificate</source>
        <translation>商户证书序列号</translation>
    </message>
    <message>
        <source>WeChat Pay&apos;s public key</source>
        <translation>微信支付公钥</translation>
    </message>
    <message>
        <source>Number of the public key</source>
        <translation>微信支付公钥 ID</translation>
    </message>
    <message>
        <source>APIv3 key</source>
        <translation>APIv3 密钥</translation>
    </message>
    <message>
        <source>APIv2 key</source>
        <translation>APIv2 密钥</translation>
    </message>
    <message>
        <source>Merchant&apos;s certificate (apiclient_cert.pem)</source>
        <translation>商户证书（apiclient_cert.pem）</translation>
    </message>
    <message>
        <source>Address for notices, needed to show codes</source>
        <translation>通知地址，出示收款码时要填</translation>
    </message>
    <message>
        <source>Store&apos;s own number</source>
        <translation>商家自定义编号</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>on, but something is missing</source>
        <translation>已启用，但没填全</translation>
    </message>
    <message>
        <source>on</source>
        <translation>已启用</translation>
    </message>
    <message>
        <source>not filled in</source>
        <translation>还没填</translation>
    </message>
    <message>
        <source>off</source>
        <translation>未启用</translation>
    </message>
    <message>
        <source>This PC&apos;s clock is {n} min away from that of {name}. Set it right, or payments will be refused.</source>
        <translation>这台电脑的时间和{name}差了 {n} 分钟。请校准时间，不然收款会被拒。</translation>
    </message>
    <message>
        <source>0.01 is asked for.</source>
        <translation>正在收 0.01 元。</translation>
    </message>
    <message>
        <source>0.01 was taken.</source>
        <translation>0.01 元收到了。</translation>
    </message>
    <message>
        <source>It was given back. This gateway works.</source>
        <translation>已经退回。这个网关可以用。</translation>
    </message>
    <message>
        <source>It was undone and nothing stays charged. That does not prove that it works: try once more.</source>
        <translation>已撤销，没有扣钱。但这还不能证明能用，请再试一次。</translation>
    </message>
    <message>
        <source>It is being given back.</source>
        <translation>正在退回。</translation>
    </message>
    <message>
        <source>No clear word in time: it is being undone, nothing stays charged.</source>
        <translation>没等到明确结果，正在撤销，不会扣钱。</translation>
    </message>
</context>
<context>
    <name>GatewaysPanel</name>
    <message>
        <source>Only a supervisor or the owner sets up how money comes in.</source>
        <translation>收款设置只有主管或老板能改。</translation>
    </message>
    <message>
        <source>Payment gateways</source>
        <translation>支付网关</translation>
    </message>
    <message>
        <source>A wallet is charged by the first one here that is on and takes it. Without any, only cash.</source>
        <translation>从上往下，第一个启用且支持该钱包的网关来收。一个都没启用，就只收现金。</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Asking</source>
        <translation>正在问</translation>
    </message>
    <message>
        <source>Ask the gateway</source>
        <translation>问一下网关</translation>
    </message>
    <message>
        <source>Nothing was kept: {field} is missing or no good.</source>
        <translation>没有保存：{field}没填或不对。</translation>
    </message>
    <message>
        <source>Kept. Ask the gateway next, then make a test payment.</source>
        <translation>已保存。接着问一下网关，再试收一笔。</translation>
    </message>
    <message>
        <source>{name} knows this till and answered. Only a test payment proves all of it.</source>
        <translation>{name}认得这台收银台，也答复了。要全都确认，请试收一笔。</translation>
    </message>
    <message>
        <source>That is no payment code. Open the wallet and scan the code it shows.</source>
        <translation>这不是付款码。请打开钱包，扫它显示的付款码。</translation>
    </message>
    <message>
        <source>Test payment of 0.01</source>
        <translation>试收 0.01 元</translation>
    </message>
    <message>
        <source>Scan the payment code of your own wallet. 0.01 is really taken and given back at once.</source>
        <translation>扫您自己钱包的付款码。会真的收 0.01 元，马上退回。</translation>
    </message>
    <message>
        <source>When everything is filled in and kept, a real payment of 0.01 proves it.</source>
        <translation>全部填好并保存后，真收一笔 0.01 元就知道能不能用。</translation>
    </message>
    <message>
        <source>Payment code</source>
        <translation>付款码</translation>
    </message>
    <message>
        <source>You may leave this page: the till follows it to its end.</source>
        <translation>可以离开本页，收银台会一直跟到有结果。</translation>
    </message>
</context>
<context>
    <name>HandOver</name>
    <message>
        <source>Not yet</source>
        <translation>先不退</translation>
    </message>
    <message>
        <source>On its way back to the wallet</source>
        <translation>正在原路退回钱包</translation>
    </message>
    <message>
        <source>Nothing is handed over: it returns to where it came from, by itself.</source>
        <translation>不用给顾客现金，钱会自动原路退回。</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>好的</translation>
    </message>
    <message>
        <source>Hand this to the customer</source>
        <translation>请把钱交给顾客</translation>
    </message>
    <message>
        <source>It is booked as given back, and the drawer opens.</source>
        <translation>已记为退款，钱箱已打开。</translation>
    </message>
    <message>
        <source>{money} more goes back to the wallet by itself.</source>
        <translation>另有 {money} 自动原路退回钱包。</translation>
    </message>
    <message>
        <source>The customer has it</source>
        <translation>已交给顾客</translation>
    </message>
    <message>
        <source>Give this back to the wallet?</source>
        <translation>把这笔钱原路退回钱包吗？</translation>
    </message>
    <message>
        <source>Give this back in cash?</source>
        <translation>退这笔现金吗？</translation>
    </message>
    <message>
        <source>Give it back</source>
        <translation>退款</translation>
    </message>
</context>
<context>
    <name>LeaveMessagePanel</name>
    <message>
        <source>Why is it never sent?</source>
        <translation>为什么不再上报？</translation>
    </message>
    <message>
        <source>Your name and the reason are kept. The platform will not hear of it.</source>
        <translation>会记下您的名字和原因，平台不会再收到这条。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>or in your own words</source>
        <translation>或自己写原因</translation>
    </message>
</context>
<context>
    <name>LineTable</name>
    <message>
        <source>new price {money}</source>
        <translation>新价 {money}</translation>
    </message>
</context>
<context>
    <name>LockedPage</name>
    <message>
        <source>This till is locked</source>
        <translation>这台收银台已锁定</translation>
    </message>
    <message>
        <source>Its data is an older copy: codes went out after it was made. Selling from it could sell a code twice.</source>
        <translation>本机数据是旧的备份，之后还发出过卡密。接着卖，可能把同一张卡卖两次。</translation>
    </message>
    <message>
        <source>Call the owner. What was sold since is with the platform and is read back; no number is given twice.</source>
        <translation>请联系店主。之后卖的，平台上有记录，会读回来，小票号不会重复。</translation>
    </message>
    <message>
        <source>Enrolment code for this till. Leave it empty when the platform runs on this PC.</source>
        <translation>这台收银台的接入码。平台就在本机的，不用填。</translation>
    </message>
    <message>
        <source>Beginning anew</source>
        <translation>正在重新开始</translation>
    </message>
    <message>
        <source>Begin anew</source>
        <translation>重新开始</translation>
    </message>
</context>
<context>
    <name>LookPanel</name>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>外观</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Till</source>
        <translation>收银台</translation>
    </message>
</context>
<context>
    <name>MovePanel</name>
    <message>
        <source>Amount</source>
        <translation>金额</translation>
    </message>
    <message>
        <source>Why? A digit picks, or type it.</source>
        <translation>原因？按数字选，或直接输入。</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>先不</translation>
    </message>
    <message>
        <source>Cash into the drawer</source>
        <translation>放入现金</translation>
    </message>
    <message>
        <source>Change brought in</source>
        <translation>备零钱</translation>
    </message>
    <message>
        <source>Left over from yesterday</source>
        <translation>昨日留存</translation>
    </message>
    <message>
        <source>Cash out of the drawer</source>
        <translation>取出现金</translation>
    </message>
    <message>
        <source>To the owner or the safe</source>
        <translation>交店主或入保险柜</translation>
    </message>
    <message>
        <source>To the bank</source>
        <translation>存银行</translation>
    </message>
    <message>
        <source>Bought something for the shop</source>
        <translation>店内采购</translation>
    </message>
    <message>
        <source>Open the drawer</source>
        <translation>打开钱箱</translation>
    </message>
    <message>
        <source>To change a note</source>
        <translation>换零钱</translation>
    </message>
    <message>
        <source>To check the cash</source>
        <translation>核对现金</translation>
    </message>
    <message>
        <source>or in your own words</source>
        <translation>或自己写原因</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>The basket was emptied.</source>
        <translation>购物篮已清空。</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>放回来</translation>
    </message>
    <message>
        <source>The platform does not answer, so nothing was sold. Take no money yet; try again in a moment.</source>
        <translation>平台没有回应，这单还没卖出。先别收钱，过一会儿再试。</translation>
    </message>
    <message>
        <source>The basket from before is back. No money was taken for it.</source>
        <translation>上次的购物篮已放回来，这些还没收钱。</translation>
    </message>
    <message>
        <source>A slip of the sale before did not come out. It waits under To do; the sale is safe.</source>
        <translation>上一单有小票没打出，已记在待办里，那单没有问题。</translation>
    </message>
    <message>
        <source>The payment before is being checked by itself: it stands under To do. Serve the next customer.</source>
        <translation>上一笔付款正在自动确认，已放进“待办”。请接待下一位顾客。</translation>
    </message>
    <message>
        <source>The line is down. What shows a number can be sold all the same; the rest waits.</source>
        <translation>网络断了。标有数量的还能卖，其余的等网络恢复。</translation>
    </message>
    <message>
        <source>The line is down, and nothing is held here to sell without it. Sales go on by themselves when it is back.</source>
        <translation>网络断了，本机没有备用卡密，暂时卖不了。网络恢复就能继续。</translation>
    </message>
    <message>
        <source>The sale before still waits for the platform. The money is safe; the code follows by itself.</source>
        <translation>上一单还在等平台。钱已收好，卡密会自动补上。</translation>
    </message>
</context>
<context>
    <name>OfflinePanel</name>
    <message>
        <source>On</source>
        <translation>开</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>Sell while the line is down</source>
        <translation>断网时也能卖</translation>
    </message>
    <message>
        <source>Codes of what sells most are held here, sealed, and paid for only when they are sold. Switched off, all of them go back.</source>
        <translation>常卖的卡密先加密存在本机，卖出才扣款。关掉后全部退回平台。</translation>
    </message>
    <message>
        <source>Only a supervisor or the owner changes this.</source>
        <translation>只有主管或店主能改。</translation>
    </message>
    <message>
        <source>For how many days of sales</source>
        <translation>备几天的量</translation>
    </message>
    <message>
        <source>Codes at most</source>
        <translation>最多备多少张</translation>
    </message>
    <message>
        <source>Their face value at most</source>
        <translation>总面值最多</translation>
    </message>
    <message>
        <source>The dearest card</source>
        <translation>单张面值最高</translation>
    </message>
    <message>
        <source>Codes in one sale, while the line is down</source>
        <translation>断网时一单最多几张</translation>
    </message>
    <message>
        <source>Price of one sale, while the line is down</source>
        <translation>断网时一单最多多少钱</translation>
    </message>
    <message>
        <source>Held now</source>
        <translation>现在备着</translation>
    </message>
    <message>
        <source>Give all back</source>
        <translation>全部退回</translation>
    </message>
    <message>
        <source>It is being given back.</source>
        <translation>正在退回。</translation>
    </message>
    <message>
        <source>{n} codes were given back.</source>
        <translation>已退回 {n} 张。</translation>
    </message>
    <message>
        <source>Nothing. What sells is fetched by itself while the line is up.</source>
        <translation>没有。联网时会自动备好常卖的。</translation>
    </message>
    <message>
        <source>{n} codes, face value {money}. The first of them ends {until}; new ones follow in time.</source>
        <translation>{n} 张，总面值 {money}。最早的 {until} 到期，到时自动换新。</translation>
    </message>
</context>
<context>
    <name>OpenPanel</name>
    <message>
        <source>The shift is open</source>
        <translation>班次进行中</translation>
    </message>
    <message>
        <source>{name} opened it {time}, with {money} in the drawer.</source>
        <translation>{name} 开班（{time}），备用金 {money}。</translation>
    </message>
    <message>
        <source>Cash in</source>
        <translation>放入现金</translation>
    </message>
    <message>
        <source>Cash out</source>
        <translation>取出现金</translation>
    </message>
    <message>
        <source>Open the drawer</source>
        <translation>打开钱箱</translation>
    </message>
    <message>
        <source>Count and close the shift</source>
        <translation>点钞交班</translation>
    </message>
</context>
<context>
    <name>OpeningPage</name>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>再试一次</translation>
    </message>
    <message>
        <source>The till cannot open yet</source>
        <translation>收银台暂时打不开</translation>
    </message>
    <message>
        <source>Something went wrong in the program</source>
        <translation>程序出了问题</translation>
    </message>
    <message>
        <source>What was booked is safe on disk. It was written to the log; tell whoever looks after the till: {bug}.</source>
        <translation>记好的账都在，没有丢。问题已写进日志，请告诉管理这台机器的人：{bug}。</translation>
    </message>
    <message>
        <source>Opening the till</source>
        <translation>正在打开收银台</translation>
    </message>
    <message>
        <source>A moment, please.</source>
        <translation>请稍候。</translation>
    </message>
    <message>
        <source>Put this backup in its place</source>
        <translation>用此备份恢复</translation>
    </message>
    <message>
        <source>{trouble}

Or put a backup in its place: the present files are set aside, nothing is deleted. What was sold since is missing from it, so the till may ask to be enrolled anew before it sells.</source>
        <translation>{trouble}

也可以用备份恢复：现有文件另存一旁，不会删除。备份之后的销售不在其中，销售前可能需要重新登记本机。</translation>
    </message>
</context>
<context>
    <name>OpeningPanel</name>
    <message>
        <source>No shift is open</source>
        <translation>还没有开班</translation>
    </message>
    <message>
        <source>How much cash lies in the drawer now? Money is only taken in an open shift.</source>
        <translation>钱箱里现在有多少备用金？开班后才能收款。</translation>
    </message>
    <message>
        <source>Opening cash</source>
        <translation>备用金</translation>
    </message>
    <message>
        <source>Open the shift</source>
        <translation>开班</translation>
    </message>
    <message>
        <source>Last closing slip</source>
        <translation>打印上次交班单</translation>
    </message>
    <message>
        <source>{name} counted {money} at the last close, {time}.</source>
        <translation>上次交班 {name} 点得 {money}（{time}）。</translation>
    </message>
</context>
<context>
    <name>PastSales</name>
    <message>
        <source>not finished</source>
        <translation>未完成</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>已交付</translation>
    </message>
    <message>
        <source>money given back</source>
        <translation>已退款</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>being cancelled</source>
        <translation>正在取消</translation>
    </message>
    <message>
        <source>give money back</source>
        <translation>要退款</translation>
    </message>
    <message>
        <source>look at the slip</source>
        <translation>看小票</translation>
    </message>
    <message>
        <source>not paid yet</source>
        <translation>未付款</translation>
    </message>
    <message>
        <source>code follows</source>
        <translation>等卡密</translation>
    </message>
    <message>
        <source>topped up</source>
        <translation>充值成功</translation>
    </message>
    <message>
        <source>could not be topped up</source>
        <translation>充值失败</translation>
    </message>
    <message>
        <source>top-up on its way</source>
        <translation>充值中</translation>
    </message>
    <message>
        <source>Code slip</source>
        <translation>卡密小票</translation>
    </message>
    <message>
        <source>Top-up slip</source>
        <translation>充值小票</translation>
    </message>
    <message>
        <source>Receipt</source>
        <translation>小票</translation>
    </message>
    <message>
        <source>Money-back slip</source>
        <translation>退款凭条</translation>
    </message>
    <message>
        <source>Closing slip</source>
        <translation>交班单</translation>
    </message>
    <message>
        <source>did not come out</source>
        <translation>没打出来</translation>
    </message>
    <message>
        <source>shown on the screen</source>
        <translation>已在屏幕查看</translation>
    </message>
    <message>
        <source>printed</source>
        <translation>已打印</translation>
    </message>
    <message>
        <source>waits for the printer</source>
        <translation>等待打印</translation>
    </message>
    <message>
        <source>printing</source>
        <translation>打印中</translation>
    </message>
    <message>
        <source>did it come out?</source>
        <translation>打出来了吗？</translation>
    </message>
    <message>
        <source>copy {n}</source>
        <translation>第 {n} 份</translation>
    </message>
    <message>
        <source>undone, still watched</source>
        <translation>已撤销，仍在留意</translation>
    </message>
    <message>
        <source>not certain yet</source>
        <translation>还没确定</translation>
    </message>
    <message>
        <source>paid</source>
        <translation>已付</translation>
    </message>
    <message>
        <source>not paid</source>
        <translation>没付成</translation>
    </message>
    <message>
        <source>being undone</source>
        <translation>正在撤销</translation>
    </message>
    <message>
        <source>undone</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>given back</source>
        <translation>已退</translation>
    </message>
    <message>
        <source>refused for now ({code})</source>
        <translation>暂时退不了（{code}）</translation>
    </message>
    <message>
        <source>on its way back</source>
        <translation>退款在途</translation>
    </message>
    <message>
        <source>The paper was torn or pale</source>
        <translation>纸破了或字太淡</translation>
    </message>
    <message>
        <source>The customer lost it</source>
        <translation>顾客弄丢了</translation>
    </message>
    <message>
        <source>The printer jammed</source>
        <translation>打印机卡纸</translation>
    </message>
    <message>
        <source>The printer does not work</source>
        <translation>打印机坏了</translation>
    </message>
    <message>
        <source>The slip cannot be read</source>
        <translation>小票看不清</translation>
    </message>
    <message>
        <source>The code does not work</source>
        <translation>卡密不能用</translation>
    </message>
    <message>
        <source>The wrong goods were sold</source>
        <translation>卖错了</translation>
    </message>
    <message>
        <source>Goodwill</source>
        <translation>照顾顾客</translation>
    </message>
</context>
<context>
    <name>PayPanel</name>
    <message>
        <source>Cash</source>
        <translation>现金</translation>
    </message>
    <message>
        <source>To pay</source>
        <translation>应收</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>实收</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>找零</translation>
    </message>
    <message>
        <source>The customer gives</source>
        <translation>顾客给了</translation>
    </message>
    <message>
        <source>Payment code</source>
        <translation>请出示付款码</translation>
    </message>
    <message>
        <source>Exact</source>
        <translation>正好</translation>
    </message>
    <message>
        <source>This much by wallet</source>
        <translation>这部分用钱包付</translation>
    </message>
    <message>
        <source>Scan the customer&apos;s payment code for this part.</source>
        <translation>请出示付款码，扫码收这一部分。</translation>
    </message>
    <message>
        <source>Or scan the customer&apos;s payment code.</source>
        <translation>或请顾客出示付款码，直接扫码。</translation>
    </message>
    <message>
        <source>Show {wallet} code</source>
        <translation>出示{wallet}收款码</translation>
    </message>
    <message>
        <source>Part by wallet</source>
        <translation>部分用钱包付</translation>
    </message>
    <message>
        <source>Payment</source>
        <translation>收款</translation>
    </message>
    <message>
        <source>Letting the goods go</source>
        <translation>正在退回商品</translation>
    </message>
    <message>
        <source>Asking the platform</source>
        <translation>正在询问平台</translation>
    </message>
    <message>
        <source>Booking</source>
        <translation>正在记账</translation>
    </message>
    <message>
        <source>Book it</source>
        <translation>确认收款</translation>
    </message>
    <message>
        <source>Exact, book it</source>
        <translation>正好，确认收款</translation>
    </message>
</context>
<context>
    <name>Payments</name>
    <message>
        <source>WeChat Pay</source>
        <translation>微信支付</translation>
    </message>
    <message>
        <source>Alipay</source>
        <translation>支付宝</translation>
    </message>
    <message>
        <source>UnionPay</source>
        <translation>云闪付</translation>
    </message>
    <message>
        <source>e-CNY</source>
        <translation>数字人民币</translation>
    </message>
    <message>
        <source>Cash</source>
        <translation>现金</translation>
    </message>
    <message>
        <source>Sending it</source>
        <translation>正在发送</translation>
    </message>
    <message>
        <source>Being undone, please wait</source>
        <translation>正在撤销，请稍候</translation>
    </message>
    <message>
        <source>The customer scans this code</source>
        <translation>请顾客扫这个码</translation>
    </message>
    <message>
        <source>The customer types the password</source>
        <translation>等待顾客输入密码</translation>
    </message>
    <message>
        <source>No clear answer yet, being checked</source>
        <translation>结果未知，正在确认</translation>
    </message>
    <message>
        <source>Being processed</source>
        <translation>处理中</translation>
    </message>
    <message>
        <source>Nothing is handed over for it, and what was charged goes back by itself. You can serve the next customer.</source>
        <translation>不要交货；已扣的钱会自动退回。可以先接待下一位顾客。</translation>
    </message>
    <message>
        <source>It is paid only when this page says so, not when the phone does.</source>
        <translation>以本页显示为准，不要以顾客手机为准。</translation>
    </message>
    <message>
        <source>Please wait for the customer. Do not charge again.</source>
        <translation>请等顾客操作，不要重复收款。</translation>
    </message>
    <message>
        <source>The till asks by itself. Do not charge again and take no cash for it.</source>
        <translation>系统会自动查询。不要重复收款，也不要收现金。</translation>
    </message>
    <message>
        <source>This part is paid. The rest is still due.</source>
        <translation>这一部分已付，请收余下的。</translation>
    </message>
    <message>
        <source>The payment was undone: nothing is charged. Scan a new code, or take cash.</source>
        <translation>付款已撤销，没有扣钱。请扫新的付款码，或改用现金。</translation>
    </message>
    <message>
        <source>This till is not set up rightly for that wallet. Nothing was charged; take cash.</source>
        <translation>本机的这个支付通道没有设好。没有扣钱，请改用现金。</translation>
    </message>
    <message>
        <source>The code has run out or was used. Ask the customer to open a new one and scan it.</source>
        <translation>付款码已过期或用过。请顾客刷新付款码再扫。</translation>
    </message>
    <message>
        <source>There is not enough money in that wallet. Nothing was charged; another way to pay, please.</source>
        <translation>顾客余额不足，没有扣钱。请换一种付款方式。</translation>
    </message>
    <message>
        <source>The wallet refused. Nothing was charged; another way to pay, please.</source>
        <translation>付款被拒绝，没有扣钱。请换一种付款方式。</translation>
    </message>
    <message>
        <source>That order is paid already. Look under To do before you charge again.</source>
        <translation>这一单已经付过。重新收款前请先看“待办”。</translation>
    </message>
    <message>
        <source>There is no way to the wallet now. Nothing was charged; take cash.</source>
        <translation>现在连不上支付通道，没有扣钱。请改用现金。</translation>
    </message>
    <message>
        <source>The wallet said no ({code}). Nothing was charged; another way to pay, please.</source>
        <translation>付款失败（{code}），没有扣钱。请换一种付款方式。</translation>
    </message>
</context>
<context>
    <name>PeoplePanel</name>
    <message>
        <source>Only the owner adds people.</source>
        <translation>只有店主可以添加人员。</translation>
    </message>
    <message>
        <source>Add someone</source>
        <translation>添加人员</translation>
    </message>
    <message>
        <source>The person&apos;s name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>PIN, at least {n} digits</source>
        <translation>密码，至少 {n} 位数字</translation>
    </message>
    <message>
        <source>The same PIN again</source>
        <translation>再输一次密码</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>The two PINs are not the same. Nobody was added. Type both again.</source>
        <translation>两次密码不一样，没有添加。请重新输入。</translation>
    </message>
    <message>
        <source>{name} may sign in from now on.</source>
        <translation>{name} 现在可以登录了。</translation>
    </message>
</context>
<context>
    <name>PhonePanel</name>
    <message>
        <source>How much? 1–9 picks, Esc goes back. A ported number may have another carrier.</source>
        <translation>充多少？按 1–9 选，Esc 返回。携号转网的号码，运营商可能不同。</translation>
    </message>
    <message>
        <source>China Mobile</source>
        <translation>中国移动</translation>
    </message>
    <message>
        <source>China Unicom</source>
        <translation>中国联通</translation>
    </message>
    <message>
        <source>China Telecom</source>
        <translation>中国电信</translation>
    </message>
    <message>
        <source>China Broadnet</source>
        <translation>中国广电</translation>
    </message>
    <message>
        <source>carrier not known</source>
        <translation>运营商未知</translation>
    </message>
</context>
<context>
    <name>PracticeCard</name>
    <message>
        <source>Practice customer:</source>
        <translation>练习顾客：</translation>
    </message>
    <message>
        <source>What the customer does</source>
        <translation>顾客会怎么做</translation>
    </message>
    <message>
        <source>pays at once</source>
        <translation>马上付款</translation>
    </message>
    <message>
        <source>002 types the password after 8 s</source>
        <translation>002 8 秒后输密码</translation>
    </message>
    <message>
        <source>003 never types the password</source>
        <translation>003 一直不输密码</translation>
    </message>
    <message>
        <source>004 changes his mind after 8 s</source>
        <translation>004 8 秒后不买了</translation>
    </message>
    <message>
        <source>001 has too little money</source>
        <translation>001 余额不足</translation>
    </message>
    <message>
        <source>005 shows a code that has run out</source>
        <translation>005 付款码过期了</translation>
    </message>
    <message>
        <source>012 pays, but the answer gets lost</source>
        <translation>012 付了，但答复丢了</translation>
    </message>
    <message>
        <source>033 pays, and nobody ever answers</source>
        <translation>033 付了，但一直没答复</translation>
    </message>
</context>
<context>
    <name>PrinterPanel</name>
    <message>
        <source>Only a supervisor or the owner changes the printer. The test slip is for all.</source>
        <translation>打印机只能由主管或店主更改。测试小票谁都可以打。</translation>
    </message>
    <message>
        <source>How the printer is reached</source>
        <translation>打印机接法</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>纸宽</translation>
    </message>
    <message>
        <source>Test slip</source>
        <translation>测试小票</translation>
    </message>
    <message>
        <source>Print a test slip</source>
        <translation>打印测试小票</translation>
    </message>
    <message>
        <source>Printing</source>
        <translation>正在打印</translation>
    </message>
    <message>
        <source>Which number stands on the slip? Type it here.</source>
        <translation>小票上印的数字是多少？请输入。</translation>
    </message>
    <message>
        <source>A number is printed that only the slip knows. Read it back, then you are sure.</source>
        <translation>会印一个只有小票上才有的数字，输对了就说明打印机没问题。</translation>
    </message>
    <message>
        <source>The number on the slip</source>
        <translation>小票上的数字</translation>
    </message>
    <message>
        <source>Right. The printer works.</source>
        <translation>对了，打印机正常。</translation>
    </message>
    <message>
        <source>That was not printed. Look again, or print once more.</source>
        <translation>不是这个数字。请再看一遍，或重新打印。</translation>
    </message>
</context>
<context>
    <name>ProductTiles</name>
    <message>
        <source>sold out</source>
        <translation>售完</translation>
    </message>
    <message>
        <source>{n} left</source>
        <translation>剩 {n} 张</translation>
    </message>
    <message>
        <source>{n} here</source>
        <translation>备用 {n}</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Sell</source>
        <translation>收银</translation>
    </message>
    <message>
        <source>Sales</source>
        <translation>销售</translation>
    </message>
    <message>
        <source>To do</source>
        <translation>待办</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>班次</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>日报</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁屏</translation>
    </message>
</context>
<context>
    <name>ReadBackPanel</name>
    <message>
        <source>Read it to the customer. A top-up cannot be taken back.</source>
        <translation>请念给顾客核对。充值后不能撤回。</translation>
    </message>
    <message>
        <source>That is right, add it</source>
        <translation>没错，加进来</translation>
    </message>
    <message>
        <source>Change it</source>
        <translation>改一下</translation>
    </message>
</context>
<context>
    <name>SaleDetails</name>
    <message>
        <source>{money} given back</source>
        <translation>已退 {money}</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>from what was held here, without the platform</source>
        <translation>用的是本机备用卡密</translation>
    </message>
    <message>
        <source>Cash received</source>
        <translation>收现金</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>找零</translation>
    </message>
    <message>
        <source>{money} back to {wallet}</source>
        <translation>{money} 退回{wallet}</translation>
    </message>
    <message>
        <source>{money} back in cash</source>
        <translation>{money} 退现金</translation>
    </message>
</context>
<context>
    <name>SalesPageView</name>
    <message>
        <source>Today, {day}</source>
        <translation>今天，{day}</translation>
    </message>
    <message>
        <source>Nothing that day. These are from other days.</source>
        <translation>当天没有，以下是其他日期的。</translation>
    </message>
    <message>
        <source>Number, amount, phone&apos;s end, 14:30</source>
        <translation>小票号、金额、手机尾号，或 14:30</translation>
    </message>
    <message>
        <source>Look for a sale</source>
        <translation>查找销售</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>前一天</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>后一天</translation>
    </message>
    <message>
        <source>Receipt</source>
        <translation>小票</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>What</source>
        <translation>商品</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>{what} and {n} more</source>
        <translation>{what} 等，另有 {n} 项</translation>
    </message>
    <message>
        <source>No sale like that. Try the amount or the time.</source>
        <translation>没有找到。试试金额或时间。</translation>
    </message>
    <message>
        <source>No sales that day.</source>
        <translation>当天没有销售。</translation>
    </message>
</context>
<context>
    <name>SecondPerson</name>
    <message>
        <source>Nobody here may do this. Ask the owner.</source>
        <translation>这里没有人有这个权限，请找店主。</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Agree</source>
        <translation>同意</translation>
    </message>
    <message>
        <source>{name}, please type your PIN.</source>
        <translation>请 {name} 输入密码。</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Large print</source>
        <translation>大字</translation>
    </message>
    <message>
        <source>58 mm</source>
        <translation>58 毫米</translation>
    </message>
    <message>
        <source>80 mm</source>
        <translation>80 毫米</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>USB</source>
        <translation>USB</translation>
    </message>
    <message>
        <source>Serial port</source>
        <translation>串口</translation>
    </message>
    <message>
        <source>Windows printer</source>
        <translation>Windows 打印机</translation>
    </message>
    <message>
        <source>Into a file</source>
        <translation>存成文件</translation>
    </message>
    <message>
        <source>On the screen only</source>
        <translation>只在屏幕显示</translation>
    </message>
    <message>
        <source>No printer</source>
        <translation>没有打印机</translation>
    </message>
    <message>
        <source>Address and port, as 192.168.1.50:9100</source>
        <translation>地址和端口，如 192.168.1.50:9100</translation>
    </message>
    <message>
        <source>Vendor and product id, as 04b8:0e15</source>
        <translation>厂商和产品编号，如 04b8:0e15</translation>
    </message>
    <message>
        <source>Port, as COM3 or /dev/ttyUSB0</source>
        <translation>端口，如 COM3 或 /dev/ttyUSB0</translation>
    </message>
    <message>
        <source>Name of the printer in Windows</source>
        <translation>Windows 里的打印机名称</translation>
    </message>
    <message>
        <source>Path of the file</source>
        <translation>文件路径</translation>
    </message>
    <message>
        <source>Language and look</source>
        <translation>语言和外观</translation>
    </message>
    <message>
        <source>Printer</source>
        <translation>打印机</translation>
    </message>
    <message>
        <source>Payment</source>
        <translation>收款</translation>
    </message>
    <message>
        <source>Selling offline</source>
        <translation>断网销售</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>The till&apos;s file is sound</source>
        <translation>数据文件完好</translation>
    </message>
    <message>
        <source>Every code belongs to one sale only</source>
        <translation>每张卡密只属于一笔销售</translation>
    </message>
    <message>
        <source>Every paid sale was paid in full</source>
        <translation>每笔收款都收足了</translation>
    </message>
    <message>
        <source>No code went out without money</source>
        <translation>没有未收款就出的卡密</translation>
    </message>
    <message>
        <source>No paid sale was forgotten</source>
        <translation>没有遗漏已收款的销售</translation>
    </message>
    <message>
        <source>Every line has exactly its codes</source>
        <translation>每一行的卡密数量都对</translation>
    </message>
    <message>
        <source>No more went back than came in</source>
        <translation>退的钱没有超过收的钱</translation>
    </message>
    <message>
        <source>The receipt numbers have no gap</source>
        <translation>小票号没有断号</translation>
    </message>
    <message>
        <source>The ledger is unbroken</source>
        <translation>流水账完整无缺</translation>
    </message>
    <message>
        <source>The platform holds what it said it holds</source>
        <translation>平台确认收到的都在</translation>
    </message>
    <message>
        <source>The ledger tells of every payment</source>
        <translation>每笔付款账上都有</translation>
    </message>
    <message>
        <source>The backups can be read</source>
        <translation>备份可以读取</translation>
    </message>
</context>
<context>
    <name>SettingsPageView</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>ShiftPageView</name>
    <message>
        <source>Compared with the books</source>
        <translation>与账面核对</translation>
    </message>
    <message>
        <source>The shift is closed</source>
        <translation>已交班</translation>
    </message>
    <message>
        <source>Close the shift</source>
        <translation>确认交班</translation>
    </message>
    <message>
        <source>Count again</source>
        <translation>重新点</translation>
    </message>
    <message>
        <source>Print the slip again</source>
        <translation>再打一张交班单</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>The shift is open. Good selling.</source>
        <translation>已开班，祝生意兴隆。</translation>
    </message>
    <message>
        <source>{money} is booked.</source>
        <translation>{money} 已记账。</translation>
    </message>
    <message>
        <source>The drawer is open, and the reason is written down.</source>
        <translation>钱箱已打开，原因已记录。</translation>
    </message>
    <message>
        <source>The closing slip is printing</source>
        <translation>正在打印交班小票</translation>
    </message>
    <message>
        <source>The closing slip is printed.</source>
        <translation>交班单已打印。</translation>
    </message>
</context>
<context>
    <name>ShiftPanel</name>
    <message>
        <source>Open the shift</source>
        <translation>开班</translation>
    </message>
    <message>
        <source>Count the cash in the drawer. From here on money can be taken.</source>
        <translation>点一下钱箱里的备用金，开班后就可以收钱。</translation>
    </message>
</context>
<context>
    <name>ShortTable</name>
    <message>
        <source>All {n}</source>
        <translation>全部 {n}</translation>
    </message>
    <message>
        <source>No sales.</source>
        <translation>没有销售。</translation>
    </message>
</context>
<context>
    <name>Side</name>
    <message>
        <source>Print again</source>
        <translation>补打</translation>
    </message>
    <message>
        <source>Show code</source>
        <translation>查看卡密</translation>
    </message>
    <message>
        <source>No, print it again</source>
        <translation>没有，再打一张</translation>
    </message>
    <message>
        <source>Give money back</source>
        <translation>退款</translation>
    </message>
    <message>
        <source>Hide it now</source>
        <translation>马上隐藏</translation>
    </message>
    <message>
        <source>Which one?</source>
        <translation>哪一张？</translation>
    </message>
    <message>
        <source>Print again: why?</source>
        <translation>为什么补打？</translation>
    </message>
    <message>
        <source>Show the code: why?</source>
        <translation>为什么查看卡密？</translation>
    </message>
    <message>
        <source>Give money back: why?</source>
        <translation>退款：为什么？</translation>
    </message>
    <message>
        <source>How much goes back?</source>
        <translation>退多少？</translation>
    </message>
    <message>
        <source>A second person must agree</source>
        <translation>需要另一个人同意</translation>
    </message>
    <message>
        <source>The code</source>
        <translation>卡密</translation>
    </message>
    <message>
        <source>Without a receipt</source>
        <translation>没有小票号</translation>
    </message>
    <message>
        <source>It is printing</source>
        <translation>正在打印</translation>
    </message>
    <message>
        <source>Printed.</source>
        <translation>已打印。</translation>
    </message>
    <message>
        <source>Noted. This slip is settled.</source>
        <translation>记下了，这张小票没问题了。</translation>
    </message>
    <message>
        <source>Printing broke off. Look at the printer: did the slip come out whole?</source>
        <translation>打印中断了。请看打印机：小票完整打出来了吗？</translation>
    </message>
    <message>
        <source>A slip did not come out: {cause}.</source>
        <translation>有小票没打出来：{cause}。</translation>
    </message>
    <message>
        <source>Yes, it came out</source>
        <translation>打出来了</translation>
    </message>
    <message>
        <source>Print it now</source>
        <translation>现在打印</translation>
    </message>
    <message>
        <source>Give {money} back</source>
        <translation>退 {money}</translation>
    </message>
    <message>
        <source>or in your own words</source>
        <translation>或自己写原因</translation>
    </message>
    <message>
        <source>It hides itself in {n} seconds. It is written down who looked, and why.</source>
        <translation>{n} 秒后自动隐藏。谁看过、为什么看，都有记录。</translation>
    </message>
</context>
<context>
    <name>SignInPage</name>
    <message>
        <source>Who is at the till?</source>
        <translation>今天谁收银？</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>← → choose a person, then type the PIN</source>
        <translation>← → 选人，再输入密码</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>This is a demo. PINs:  {pins}</source>
        <translation>这是演示。密码：{pins}</translation>
    </message>
    <message>
        <source>Too many wrong PINs. {name} can try again in {time}.</source>
        <translation>密码输错太多次。{time} 后{name}可以再试。</translation>
    </message>
</context>
<context>
    <name>Slips</name>
    <message>
        <source>Code slip {n} of {all}</source>
        <translation>卡密小票 {n}/{all}</translation>
    </message>
    <message>
        <source>Top-up slip</source>
        <translation>充值小票</translation>
    </message>
    <message>
        <source>Receipt</source>
        <translation>小票</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>printing</source>
        <translation>打印中</translation>
    </message>
    <message>
        <source>lost, printed again</source>
        <translation>没打出，已重打</translation>
    </message>
    <message>
        <source>printed</source>
        <translation>已打印</translation>
    </message>
    <message>
        <source>please look</source>
        <translation>请看一下</translation>
    </message>
    <message>
        <source>topped up</source>
        <translation>充值成功</translation>
    </message>
    <message>
        <source>failed, give the money back</source>
        <translation>失败，请退钱</translation>
    </message>
    <message>
        <source>on its way</source>
        <translation>充值中</translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message>
        <source>{n} unsent</source>
        <translation>待上报 {n}</translation>
    </message>
    <message>
        <source>all sent</source>
        <translation>已全部上报</translation>
    </message>
    <message>
        <source>clock is {n} min wrong</source>
        <translation>时钟差 {n} 分钟</translation>
    </message>
    <message>
        <source>asking</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>line up</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>line down</source>
        <translation>断线</translation>
    </message>
    <message>
        <source>line down, {n} codes held here</source>
        <translation>网络断开，备用 {n} 张</translation>
    </message>
    <message>
        <source>wallet low {money}</source>
        <translation>余额不足 {money}</translation>
    </message>
    <message>
        <source>wallet {money}</source>
        <translation>余额 {money}</translation>
    </message>
    <message>
        <source>{held} of {total} products</source>
        <translation>商品 {held}/{total}</translation>
    </message>
    <message>
        <source>{held} of {total} products, as of {time}</source>
        <translation>商品 {held}/{total}，{time}更新</translation>
    </message>
</context>
<context>
    <name>TillPage</name>
    <message>
        <source>Scan, name, pinyin or phone</source>
        <translation>扫码、名称、拼音、手机号</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>数字键</translation>
    </message>
</context>
<context>
    <name>Todo</name>
    <message>
        <source>{what} and {n} more</source>
        <translation>{what} 等，另有 {n} 项</translation>
    </message>
    <message>
        <source>next try {when}</source>
        <translation>{when}再试</translation>
    </message>
    <message>
        <source>Perhaps the money went back already</source>
        <translation>这笔钱可能已经退过</translation>
    </message>
    <message>
        <source>An old copy of the books was put back. Ask the customer; a supervisor sees to it under Sales.</source>
        <translation>账本曾恢复到旧的备份。请先问顾客是否已收到退款，再由主管在“销售”页处理。</translation>
    </message>
    <message>
        <source>Give the money back</source>
        <translation>退钱给顾客</translation>
    </message>
    <message>
        <source>It could not be delivered and never will be. The money is the customer&apos;s.</source>
        <translation>已确定无法交付，钱要退给顾客。</translation>
    </message>
    <message>
        <source>Give {money} back</source>
        <translation>退 {money}</translation>
    </message>
    <message>
        <source>Did the slip come out?</source>
        <translation>小票打出来了吗？</translation>
    </message>
    <message>
        <source>Printing broke off. Look at the printer: is it there, and whole? ({slip})</source>
        <translation>打印中断了。请看打印机上有没有完整的{slip}。</translation>
    </message>
    <message>
        <source>Yes, it is here</source>
        <translation>打出来了</translation>
    </message>
    <message>
        <source>No, print it again</source>
        <translation>没有，再打一张</translation>
    </message>
    <message>
        <source>A slip did not come out</source>
        <translation>小票没打出来</translation>
    </message>
    <message>
        <source>{slip}: {cause}. Put it right, then print.</source>
        <translation>{slip}：{cause}。处理好再打印。</translation>
    </message>
    <message>
        <source>Print it now</source>
        <translation>现在打印</translation>
    </message>
    <message>
        <source>The platform looks at this sale</source>
        <translation>平台正在核查这笔销售</translation>
    </message>
    <message>
        <source>It was stopped on suspicion. The money is safe. Hand nothing over; the till asks by itself.</source>
        <translation>这笔因可疑被暂停。钱已收好，先不要交付，收银台会自动询问。</translation>
    </message>
    <message>
        <source>The codes come at {time}</source>
        <translation>{time} 出卡密</translation>
    </message>
    <message>
        <source>High sums wait a while, so that a scam can be stopped. The till fetches the codes by itself.</source>
        <translation>大额要等一会儿，以便拦住诈骗。到时收银台自动取卡密。</translation>
    </message>
    <message>
        <source>Ask now</source>
        <translation>马上问平台</translation>
    </message>
    <message>
        <source>{wallet}: a payment is being undone</source>
        <translation>{wallet}：付款正在撤销</translation>
    </message>
    <message>
        <source>Nothing is handed over for it. What was charged goes back by itself, however long it takes.</source>
        <translation>不要交货。已扣的钱会自动退回，不论多久。</translation>
    </message>
    <message>
        <source>{wallet}: a payment is being checked</source>
        <translation>{wallet}：付款正在确认</translation>
    </message>
    <message>
        <source>Do not charge again. If it comes in, the goods are printed by themselves.</source>
        <translation>不要重复收款。如果到账，卡密会自动打印。</translation>
    </message>
    <message>
        <source>Ask the wallet now</source>
        <translation>再查一次</translation>
    </message>
    <message>
        <source>Money on its way back to the wallet</source>
        <translation>钱正在原路退回</translation>
    </message>
    <message>
        <source>The wallet&apos;s company refused it for now ({code}). The till asks again; tell the owner.</source>
        <translation>支付公司暂时拒绝退款（{code}）。系统会再试，请告诉店主。</translation>
    </message>
    <message>
        <source>It is booked as given back. The till asks until it has arrived.</source>
        <translation>已记为退款，系统会一直问到退成为止。</translation>
    </message>
    <message>
        <source>The bill of {day} differs</source>
        <translation>{day} 的账单对不上</translation>
    </message>
    <message>
        <source>A customer paid an order that this till does not know. Look it up at the wallet&apos;s company.</source>
        <translation>有一笔顾客付款本机不认识，请到支付公司后台查。</translation>
    </message>
    <message>
        <source>This till counts a payment that the wallet&apos;s company does not have. Ask them about it.</source>
        <translation>本机记了一笔付款，支付公司没有。请向他们核实。</translation>
    </message>
    <message>
        <source>Both know this payment, with different sums. Ask the wallet&apos;s company.</source>
        <translation>这笔付款两边金额不同，请向支付公司核实。</translation>
    </message>
    <message>
        <source>Money was given back that this till knows nothing of.</source>
        <translation>有一笔退款不是本机做的。</translation>
    </message>
    <message>
        <source>A customer was charged without a sale. It goes back by itself.</source>
        <translation>顾客被扣了钱却没有成交，会自动退回。</translation>
    </message>
    <message>
        <source>It is settled</source>
        <translation>已处理</translation>
    </message>
    <message>
        <source>A slip waits for the printer</source>
        <translation>小票等待打印</translation>
    </message>
    <message>
        <source>It prints by itself in a moment.</source>
        <translation>马上会自动打印。</translation>
    </message>
    <message>
        <source>The code is still to come</source>
        <translation>卡密还没到</translation>
    </message>
    <message>
        <source>The money is safe. The till asks the platform by itself, again and again.</source>
        <translation>钱已收好，收银台会自动反复向平台取卡密。</translation>
    </message>
    <message>
        <source>Give codes that are held here</source>
        <translation>先给备用卡密</translation>
    </message>
    <message>
        <source>A top-up is on its way</source>
        <translation>充值处理中</translation>
    </message>
    <message>
        <source>The till asks by itself and prints the result. Never sell it a second time.</source>
        <translation>收银台会自动查询并打印结果，千万不要重复充值。</translation>
    </message>
    <message>
        <source>Set aside, not paid yet</source>
        <translation>已预留，还没付款</translation>
    </message>
    <message>
        <source>Take the money on the selling page, or let it go there.</source>
        <translation>请到收银页收款，或在那里取消。</translation>
    </message>
    <message>
        <source>A cancelled sale is being told to the platform</source>
        <translation>正在通知平台取消</translation>
    </message>
    <message>
        <source>No money is kept for it. The till tells it by itself.</source>
        <translation>没有留下顾客的钱。系统会自动告诉平台。</translation>
    </message>
    <message>
        <source>Code slip</source>
        <translation>卡密小票</translation>
    </message>
    <message>
        <source>Top-up slip</source>
        <translation>充值小票</translation>
    </message>
    <message>
        <source>Receipt</source>
        <translation>小票</translation>
    </message>
    <message>
        <source>An online order is being withdrawn</source>
        <translation>正在撤回一笔线上订单</translation>
    </message>
    <message>
        <source>The customer has codes from the reserve. The till tells the platform by itself.</source>
        <translation>顾客已拿到备用卡密，收银台会自动通知平台。</translation>
    </message>
    <message>
        <source>Tell it now</source>
        <translation>马上通知</translation>
    </message>
    <message>
        <source>Settled with the platform&apos;s support</source>
        <translation>已和平台客服处理好</translation>
    </message>
    <message>
        <source>The platform knows it from elsewhere</source>
        <translation>平台已从别处得知</translation>
    </message>
    <message>
        <source>Nothing is lost: {n} entries wait here.</source>
        <translation>没有丢失：{n} 条记录都在本机。</translation>
    </message>
    <message>
        <source>The platform holds another record of this till</source>
        <translation>平台上的记录和本机对不上</translation>
    </message>
    <message>
        <source>An old copy of this till&apos;s data was put back, or a second PC sells as this till. Sell nothing more and call the owner.</source>
        <translation>可能恢复了旧的备份，或有另一台电脑在用这台收银台的身份卖货。请停止销售，联系店主。</translation>
    </message>
    <message>
        <source>The platform refuses this till&apos;s record</source>
        <translation>平台不收本机的记录</translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation>再查一次</translation>
    </message>
    <message>
        <source>An order could not be withdrawn</source>
        <translation>有一笔订单撤不回来</translation>
    </message>
    <message>
        <source>The customer has codes from the reserve, and the platform still counts the first order. Ask its support to cancel it.</source>
        <translation>顾客已拿到备用卡密，但平台还算着原来那笔。请联系平台客服取消。</translation>
    </message>
    <message>
        <source>A report was refused</source>
        <translation>有一条上报被拒</translation>
    </message>
    <message>
        <source>The customer has the goods. The platform was told so and did not take it.</source>
        <translation>货已交给顾客，已告诉平台，但平台没有收。</translation>
    </message>
    <message>
        <source>Send it again</source>
        <translation>再报一次</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>不再上报</translation>
    </message>
    <message>
        <source>{n} reports wait for the platform</source>
        <translation>{n} 条记录等着上报平台</translation>
    </message>
    <message>
        <source>They are safe here and go up by themselves. Selling goes on.</source>
        <translation>都存在本机，联网后自动上报，照常销售。</translation>
    </message>
    <message>
        <source>Send them now</source>
        <translation>马上上报</translation>
    </message>
    <message>
        <source>{first} {second}</source>
        <translation>{first}{second}</translation>
    </message>
</context>
<context>
    <name>TodoPageView</name>
    <message>
        <source>Look again</source>
        <translation>刷新</translation>
    </message>
    <message>
        <source>Nothing waits for you</source>
        <translation>没有要处理的事</translation>
    </message>
    <message>
        <source>Every sale of this till is delivered and paid for. What is not will stand here by itself.</source>
        <translation>每一笔都已交付、款项清楚。有未完成的会自动出现在这里。</translation>
    </message>
    <message>
        <source>To do</source>
        <translation>待办</translation>
    </message>
    <message>
        <source>1 thing waits for you</source>
        <translation>有 1 件事要处理</translation>
    </message>
    <message>
        <source>{n} things wait for you</source>
        <translation>有 {n} 件事要处理</translation>
    </message>
    <message>
        <source>the till does {n} by itself</source>
        <translation>另有 {n} 件自动处理中</translation>
    </message>
    <message>
        <source>Asking the platform</source>
        <translation>正在询问平台</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>要您处理</translation>
    </message>
    <message>
        <source>Goes on by itself</source>
        <translation>自动进行中</translation>
    </message>
</context>
<context>
    <name>WalletPanel</name>
    <message>
        <source>{n} s</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation>再查一次</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Park</source>
        <translation>挂单</translation>
    </message>
    <message>
        <source>Scanner</source>
        <translation>扫码枪</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>Cashier</source>
        <translation>收银员</translation>
    </message>
    <message>
        <source>Supervisor</source>
        <translation>主管</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>店主</translation>
    </message>
    <message>
        <source>Monday</source>
        <translation>星期一</translation>
    </message>
    <message>
        <source>Tuesday</source>
        <translation>星期二</translation>
    </message>
    <message>
        <source>Wednesday</source>
        <translation>星期三</translation>
    </message>
    <message>
        <source>Thursday</source>
        <translation>星期四</translation>
    </message>
    <message>
        <source>Friday</source>
        <translation>星期五</translation>
    </message>
    <message>
        <source>Saturday</source>
        <translation>星期六</translation>
    </message>
    <message>
        <source>Sunday</source>
        <translation>星期日</translation>
    </message>
    <message>
        <source>January</source>
        <translation>1月</translation>
    </message>
    <message>
        <source>February</source>
        <translation>2月</translation>
    </message>
    <message>
        <source>March</source>
        <translation>3月</translation>
    </message>
    <message>
        <source>April</source>
        <translation>4月</translation>
    </message>
    <message>
        <source>May</source>
        <translation>5月</translation>
    </message>
    <message>
        <source>June</source>
        <translation>6月</translation>
    </message>
    <message>
        <source>July</source>
        <translation>7月</translation>
    </message>
    <message>
        <source>August</source>
        <translation>8月</translation>
    </message>
    <message>
        <source>September</source>
        <translation>9月</translation>
    </message>
    <message>
        <source>October</source>
        <translation>10月</translation>
    </message>
    <message>
        <source>November</source>
        <translation>11月</translation>
    </message>
    <message>
        <source>December</source>
        <translation>12月</translation>
    </message>
    <message>
        <source>{weekday} {day} {month}</source>
        <translation>{month}{day}日 {weekday}</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>刚刚</translation>
    </message>
    <message>
        <source>1 minute ago</source>
        <translation>1 分钟前</translation>
    </message>
    <message>
        <source>{minutes} minutes ago</source>
        <translation>{minutes} 分钟前</translation>
    </message>
    <message>
        <source>within a minute</source>
        <translation>一分钟内</translation>
    </message>
    <message>
        <source>in 1 minute</source>
        <translation>1 分钟后</translation>
    </message>
    <message>
        <source>in {minutes} minutes</source>
        <translation>{minutes} 分钟后</translation>
    </message>
    <message>
        <source>at {time}</source>
        <translation>{time}</translation>
    </message>
    <message>
        <source>This product</source>
        <translation>这件商品</translation>
    </message>
    <message>
        <source>That PIN is not right. One try is left before a pause.</source>
        <translation>密码不对。再错一次就要等一会儿。</translation>
    </message>
    <message>
        <source>That PIN is not right. {tries} tries are left before a pause.</source>
        <translation>密码不对。还可以试 {tries} 次。</translation>
    </message>
    <message>
        <source>Too many wrong PINs. This person can sign in again at {time}.</source>
        <translation>密码输错太多次，{time} 以后才能再登录。</translation>
    </message>
    <message>
        <source>This needs a supervisor&apos;s PIN. Nothing was changed.</source>
        <translation>这一步要主管输入密码。什么都没有改动。</translation>
    </message>
    <message>
        <source>Only a supervisor may see a code. Ask one to enter a PIN.</source>
        <translation>只有主管能看卡密，请主管输入密码。</translation>
    </message>
    <message>
        <source>The day&apos;s figures are for the owner&apos;s PIN.</source>
        <translation>日报要用店主的密码才能看。</translation>
    </message>
    <message>
        <source>Only a supervisor or the owner may change this.</source>
        <translation>只有主管或店主能改。</translation>
    </message>
    <message>
        <source>You may not do this. Ask a supervisor. Nothing was changed.</source>
        <translation>您没有这个权限，请找主管。什么都没有改动。</translation>
    </message>
    <message>
        <source>Please say why: it is kept in the books. Nothing was done yet.</source>
        <translation>请写明原因，会记在账本里。现在还什么都没做。</translation>
    </message>
    <message>
        <source>This person can no longer sign in here. Ask the owner.</source>
        <translation>这个人已不能在这里登录，请找店主。</translation>
    </message>
    <message>
        <source>That PIN is too easy. Take {digits} digits that are no run and not all alike.</source>
        <translation>这个密码太简单。请用 {digits} 位数字，不要连号，也不要全一样。</translation>
    </message>
    <message>
        <source>No product has the barcode {barcode}. Nothing was added. Look for it by name.</source>
        <translation>没有条码是 {barcode} 的商品，什么都没加。请按名称找。</translation>
    </message>
    <message>
        <source>Nothing is called &quot;{text}&quot;. Try fewer letters or the first letters of pinyin.</source>
        <translation>没有找到“{text}”。少打几个字，或者用拼音首字母试试。</translation>
    </message>
    <message>
        <source>{text} is too long for a quantity. Nothing was changed. Scan it once more.</source>
        <translation>{text} 太长了，不是数量。什么都没有改动，请再扫一次。</translation>
    </message>
    <message>
        <source>Not {text}: this sells in steps of {step}, from {least} to {most}.</source>
        <translation>不能是 {text}：这件商品按 {step} 个一组卖，{least} 到 {most} 个。</translation>
    </message>
    <message>
        <source>Not {text}: the quantity can be {least} to {most}. Nothing was changed.</source>
        <translation>不能是 {text}：数量要在 {least} 到 {most} 之间。什么都没有改动。</translation>
    </message>
    <message>
        <source>That is no mobile number. Please read all 11 digits again.</source>
        <translation>这不是手机号，请把 11 位数字再核对一遍。</translation>
    </message>
    <message>
        <source>That is no QQ number: 5 to 11 digits, the first is not 0.</source>
        <translation>这不是 QQ 号：5 到 11 位数字，第一位不是 0。</translation>
    </message>
    <message>
        <source>Only digits here. Please check the account once more.</source>
        <translation>这里只能填数字，请再核对一遍账号。</translation>
    </message>
    <message>
        <source>That is no e-mail address. Please check it once more.</source>
        <translation>这不是邮箱地址，请再核对一遍。</translation>
    </message>
    <message>
        <source>That cannot be an account. Please check it once more.</source>
        <translation>这不像账号，请再核对一遍。</translation>
    </message>
    <message>
        <source>That is a payment code, but nothing is in the basket yet. No money was taken.</source>
        <translation>这是付款码，可购物篮还是空的。没有收钱。</translation>
    </message>
    <message>
        <source>This till takes cash only. No money was taken from the customer&apos;s wallet.</source>
        <translation>这台收银台只收现金。没有从顾客手机扣钱。</translation>
    </message>
    <message>
        <source>The basket is empty. Scan something first.</source>
        <translation>购物篮是空的，请先扫商品。</translation>
    </message>
    <message>
        <source>{product}: only {left} left, {wanted} wanted. No money was taken. Sell fewer.</source>
        <translation>{product}只剩 {left} 张，不够 {wanted} 张。没有收钱，请少卖几张。</translation>
    </message>
    <message>
        <source>{product} is sold out. No money was taken. Offer another face value.</source>
        <translation>{product}已售完。没有收钱，可以推荐别的面值。</translation>
    </message>
    <message>
        <source>{product} has a new price. No money was taken. Tell the customer, then pay again.</source>
        <translation>{product}变价了。没有收钱，请告诉顾客，再收款。</translation>
    </message>
    <message>
        <source>{product} is no longer sold. No money was taken. It has left the basket.</source>
        <translation>{product}已下架。没有收钱，已从购物篮拿走。</translation>
    </message>
    <message>
        <source>The gateway {name} is no longer set up here. Set it up again, so that this can be finished.</source>
        <translation>支付通道 {name} 已不在本机。请重新设置，才能把这笔处理完。</translation>
    </message>
    <message>
        <source>{name} refuses this till as it is set up ({reason}). Nothing was charged.</source>
        <translation>{name} 不接受本机的设置（{reason}）。没有扣钱。</translation>
    </message>
    <message>
        <source>{product} needs the platform, which does not answer. No money was taken. Try again later.</source>
        <translation>{product} 需要平台，平台现在没有应答。没有收钱。请稍后再试。</translation>
    </message>
    <message>
        <source>The platform does not answer, and too few of {product} are held here. No money was taken.</source>
        <translation>平台没有应答，本机备用的 {product} 不够。没有收钱。</translation>
    </message>
    <message>
        <source>The platform does not answer, and this is more than one sale may hand over without it.</source>
        <translation>平台没有应答，这一单超过了离线销售的上限。</translation>
    </message>
    <message>
        <source>What was held of {product} ran out while the platform is away. Give any money back.</source>
        <translation>平台不在线，本机备用的 {product} 已到期。收了钱请退还。</translation>
    </message>
    <message>
        <source>The platform does not answer, and {product} is not held here. No money was taken.</source>
        <translation>平台没有应答，本机没有备用的 {product}。没有收钱。</translation>
    </message>
    <message>
        <source>This till&apos;s data is an older copy, so nothing is sold here. Call the owner: it must be enrolled anew.</source>
        <translation>本机的数据是旧副本，不能销售。请联系店主重新注册本机。</translation>
    </message>
    <message>
        <source>What was held for this sale ran out while the customer paid. Give the money back.</source>
        <translation>顾客付款时备用卡密已到期，请退款。</translation>
    </message>
    <message>
        <source>At most {most} can go back: that is what is left of what was paid.</source>
        <translation>最多可退 {most}，已付的只剩这些。</translation>
    </message>
    <message>
        <source>That is a product&apos;s code ({code}), no payment code. It waits for the next sale.</source>
        <translation>这是商品码（{code}），不是付款码。已留给下一单。</translation>
    </message>
    <message>
        <source>A payment of this sale is still being checked. Wait until it is certain: nobody pays twice.</source>
        <translation>这一单还有付款正在确认。请等结果，免得重复收款。</translation>
    </message>
    <message>
        <source>This payment code was used before. Nothing was charged. Ask the customer to open a new one.</source>
        <translation>这个付款码已经用过，没有扣钱。请顾客刷新付款码。</translation>
    </message>
    <message>
        <source>This till knows no payment of that number. Check the number.</source>
        <translation>本机没有这个单号的付款，请核对单号。</translation>
    </message>
    <message>
        <source>{product} is not sold at this hour. No money was taken. It has left the basket.</source>
        <translation>{product}现在这个时段不能卖。没有收钱，已从购物篮拿走。</translation>
    </message>
    <message>
        <source>{product} is not sold at this counter. No money was taken. It has left the basket.</source>
        <translation>{product}不能在本收银台卖。没有收钱，已从购物篮拿走。</translation>
    </message>
    <message>
        <source>The shop&apos;s wallet has {available}, this needs {needed}. No money was taken. Ask the owner to fill it.</source>
        <translation>店里余额 {available}，这单要 {needed}。没有收钱，请店主充值。</translation>
    </message>
    <message>
        <source>{missing} are missing: {received} of {total}. Nothing was booked yet.</source>
        <translation>还差 {missing}：应收 {total}，只收了 {received}。还没有记账。</translation>
    </message>
    <message>
        <source>&quot;{text}&quot; is no sum of money that a till can take. Nothing was booked.</source>
        <translation>“{text}”不是能收的金额。还没有记账。</translation>
    </message>
    <message>
        <source>No shift is open. Count the opening cash and open it, then go on.</source>
        <translation>还没有开班。请点好备用金开班，再继续。</translation>
    </message>
    <message>
        <source>{name}&apos;s shift is already open. Go on in it, or close it first.</source>
        <translation>{name}的班次还开着。可以接着用，或者先交班。</translation>
    </message>
    <message>
        <source>This sale has moved on in the meantime. Nothing was done twice. Look at it again.</source>
        <translation>这单已经往下走了，没有重复操作。请再看一眼。</translation>
    </message>
    <message>
        <source>This till has no such sale. Check the number.</source>
        <translation>这台收银台没有这单，请核对单号。</translation>
    </message>
    <message>
        <source>The till no longer keeps this code. The platform still does: ask its support.</source>
        <translation>收银台已不再保存这张卡密，平台还有，请联系平台客服。</translation>
    </message>
    <message>
        <source>This code does not open on this till. The money is safe. Ask the platform&apos;s support.</source>
        <translation>这张卡密在这台机器上打不开。钱没有问题，请联系平台客服。</translation>
    </message>
    <message>
        <source>This till belongs to no platform yet. Enter the code from the platform&apos;s operator.</source>
        <translation>这台收银台还没有加入平台，请输入平台给的注册码。</translation>
    </message>
    <message>
        <source>That code is mistyped or was used before. Check each sign, or ask for a new one.</source>
        <translation>注册码输错了，或者已经用过。请逐位核对，或者要一个新的。</translation>
    </message>
    <message>
        <source>The platform cannot be reached. Nothing is lost; the till asks again by itself.</source>
        <translation>连不上平台。什么都没有丢，收银台会自动再问。</translation>
    </message>
    <message>
        <source>The platform does not answer. Nothing is lost; the till asks again by itself.</source>
        <translation>平台没有回应。什么都没有丢，收银台会自动再问。</translation>
    </message>
    <message>
        <source>Something other than the platform answered. Nothing is lost. Check whether the network wants a sign-in.</source>
        <translation>回答的不是平台。什么都没有丢，请看看网络是不是要先登录。</translation>
    </message>
    <message>
        <source>The platform has trouble of its own. Nothing is lost; the till asks again by itself.</source>
        <translation>平台自己出了问题。什么都没有丢，收银台会自动再问。</translation>
    </message>
    <message>
        <source>The answer was not signed by our platform, so it does not count. Nothing is lost. Tell the owner.</source>
        <translation>回答没有我们平台的签名，不算数。什么都没有丢，请告诉店主。</translation>
    </message>
    <message>
        <source>The platform is busy. Nothing is lost; the till asks again in a moment.</source>
        <translation>平台正忙。什么都没有丢，收银台过一会儿再问。</translation>
    </message>
    <message>
        <source>There was no usable answer. Nothing is lost; the till asks again by itself.</source>
        <translation>没有收到有用的回答。什么都没有丢，收银台会自动再问。</translation>
    </message>
    <message>
        <source>This PC&apos;s clock is wrong. Set it, then try again. Nothing was lost.</source>
        <translation>这台电脑的时间不对。请调好再试，什么都没有丢。</translation>
    </message>
    <message>
        <source>The platform has shut this till out. Nothing was lost. Ask the owner.</source>
        <translation>平台停用了这台收银台。什么都没有丢，请找店主。</translation>
    </message>
    <message>
        <source>The goods were no longer set aside and are sold out now. Give the customer the money back.</source>
        <translation>商品没有留住，已经售完。请把钱退给顾客。</translation>
    </message>
    <message>
        <source>This sale was cancelled at the platform. No code will come of it.</source>
        <translation>这单在平台已取消，不会再有卡密。</translation>
    </message>
    <message>
        <source>Another PC sells as this till. Nothing was lost. Ask the owner to enrol this one again.</source>
        <translation>另一台电脑正用这台收银台的身份。什么都没有丢，请店主重新注册这台。</translation>
    </message>
    <message>
        <source>The platform asks for a short pause. Nothing was lost. Try again soon.</source>
        <translation>平台要求稍等一下。什么都没有丢，过一会儿再试。</translation>
    </message>
    <message>
        <source>The platform is closed for a moment. Nothing was lost. Try again soon.</source>
        <translation>平台暂停服务。什么都没有丢，过一会儿再试。</translation>
    </message>
    <message>
        <source>The platform is still at it. Nothing is lost; the till asks again by itself.</source>
        <translation>平台还在处理。什么都没有丢，收银台会自动再问。</translation>
    </message>
    <message>
        <source>The platform does not allow this any more. Nothing was changed.</source>
        <translation>平台不再允许这样做。什么都没有改动。</translation>
    </message>
    <message>
        <source>The platform does not know this. Nothing was changed. Ask its support.</source>
        <translation>平台没有这条记录。什么都没有改动，请联系平台客服。</translation>
    </message>
    <message>
        <source>The platform did not answer, so the sale was let go. No money was taken.</source>
        <translation>平台没有回应，这单已放弃。没有收钱。</translation>
    </message>
    <message>
        <source>The till was started anew, so the sale was let go. No money was taken.</source>
        <translation>收银台重新启动，这单已放弃。没有收钱。</translation>
    </message>
    <message>
        <source>Sold out. No money was taken.</source>
        <translation>已售完。没有收钱。</translation>
    </message>
    <message>
        <source>The price has changed. No money was taken.</source>
        <translation>变价了。没有收钱。</translation>
    </message>
    <message>
        <source>No longer sold. No money was taken.</source>
        <translation>已下架。没有收钱。</translation>
    </message>
    <message>
        <source>The shop&apos;s wallet was too low. No money was taken.</source>
        <translation>店里余额不足。没有收钱。</translation>
    </message>
    <message>
        <source>The platform&apos;s limit was reached. No money was taken.</source>
        <translation>超过平台限额。没有收钱。</translation>
    </message>
    <message>
        <source>High sums wait a while: the codes come later by themselves.</source>
        <translation>大额要等一会儿：卡密稍后自动补上。</translation>
    </message>
    <message>
        <source>The platform has stopped this sale and looks at it.</source>
        <translation>平台暂停了这笔销售，正在核查。</translation>
    </message>
    <message>
        <source>The platform refused ({code}). Nothing was lost. Tell the owner.</source>
        <translation>平台拒绝了（{code}）。什么都没有丢，请告诉店主。</translation>
    </message>
    <message>
        <source>The till&apos;s file is damaged, so nothing more is written to it. Keep {path} and put a backup in its place.</source>
        <translation>收银台的账本文件坏了，不会再往里写。请留好 {path}，换上备份。</translation>
    </message>
    <message>
        <source>{path} was not made by this till, or with another key. It was left as it is. Choose another folder.</source>
        <translation>{path} 不是这台收银台的文件，或者密钥不同。原样没动，请换一个文件夹。</translation>
    </message>
    <message>
        <source>{path} was written by a newer till. It was left as it is. Install the newer program.</source>
        <translation>{path} 是更新版本写的。原样没动，请安装新版程序。</translation>
    </message>
    <message>
        <source>The disk is full, so this was not booked. Make room near {path}, then try again.</source>
        <translation>磁盘满了，这笔没有记账。请在 {path} 腾出空间再试。</translation>
    </message>
    <message>
        <source>The till may not write to {path}, so this was not booked. Give it leave.</source>
        <translation>收银台不能写入 {path}，这笔没有记账。请开放权限。</translation>
    </message>
    <message>
        <source>The disk failed at {path}, so this was not booked. What was booked before is safe.</source>
        <translation>{path} 的磁盘出错，这笔没有记账。以前记好的都在。</translation>
    </message>
    <message>
        <source>The till is already open on this PC. Go on in its window.</source>
        <translation>收银台已经在这台电脑上打开，请用那个窗口。</translation>
    </message>
    <message>
        <source>The books at {path} are here, their keys are not. Bring the keys back from the backup.</source>
        <translation>{path} 的账本在，密钥不在。请从备份找回密钥。</translation>
    </message>
    <message>
        <source>no printer is set up</source>
        <translation>没有设置打印机</translation>
    </message>
    <message>
        <source>the printer is not there</source>
        <translation>找不到打印机</translation>
    </message>
    <message>
        <source>the till may not use the printer</source>
        <translation>没有权限用打印机</translation>
    </message>
    <message>
        <source>the printer is busy or refuses</source>
        <translation>打印机正忙或拒绝连接</translation>
    </message>
    <message>
        <source>the printer does not answer</source>
        <translation>打印机没有回应</translation>
    </message>
    <message>
        <source>the paper is used up</source>
        <translation>纸用完了</translation>
    </message>
    <message>
        <source>the printer&apos;s cover is open</source>
        <translation>打印机盖子没关</translation>
    </message>
    <message>
        <source>the printer is off line</source>
        <translation>打印机离线</translation>
    </message>
    <message>
        <source>the connection broke off while printing</source>
        <translation>打印时连接断了</translation>
    </message>
    <message>
        <source>the code does not open on this till</source>
        <translation>卡密在这台机器上打不开</translation>
    </message>
    <message>
        <source>the till stopped while printing</source>
        <translation>打印时收银台停了</translation>
    </message>
    <message>
        <source>the printer failed</source>
        <translation>打印机出错</translation>
    </message>
    <message>
        <source>Printing broke off: {cause}. The sale is safe. Look whether the slip came out.</source>
        <translation>打印中断：{cause}。这单没有问题，请看小票打出来没有。</translation>
    </message>
    <message>
        <source>Nothing was printed: {cause}. The sale is safe. Put it right, then print again.</source>
        <translation>没有打印：{cause}。这单没有问题，处理好再打一次。</translation>
    </message>
    <message>
        <source>Another program uses the platform&apos;s files. Nothing was lost. Close it, try again.</source>
        <translation>别的程序正占用平台的文件。什么都没有丢，请关掉它再试。</translation>
    </message>
    <message>
        <source>The platform&apos;s file is damaged. It was left as it is. Put a backup in its place.</source>
        <translation>平台的文件坏了。原样没动，请换上备份。</translation>
    </message>
    <message>
        <source>The platform on this PC takes too long to start. Nothing was lost. Try again.</source>
        <translation>这台电脑上的平台启动太慢。什么都没有丢，请再试一次。</translation>
    </message>
    <message>
        <source>The platform on this PC ended at once. Nothing was lost. Try again, or tell the owner.</source>
        <translation>这台电脑上的平台一启动就停了。什么都没有丢，请再试，或者告诉店主。</translation>
    </message>
    <message>
        <source>It is possible again from {until}.</source>
        <translation>{until} 以后可以再卖。</translation>
    </message>
    <message>
        <source>No money was taken.</source>
        <translation>没有收钱。</translation>
    </message>
    <message>
        <source>At most {most} of this can be sold at once.</source>
        <translation>这种商品一次最多卖 {most} 件。</translation>
    </message>
    <message>
        <source>That is too few: this sells in larger numbers only.</source>
        <translation>数量太少：没到这种商品的起售数量。</translation>
    </message>
    <message>
        <source>This is not sold in that number.</source>
        <translation>这种商品不按这个数量卖。</translation>
    </message>
    <message>
        <source>One sale may have at most {most} codes.</source>
        <translation>一笔最多 {most} 张卡密。</translation>
    </message>
    <message>
        <source>One sale may come to at most {amount} of face value.</source>
        <translation>一笔的面值合计最多 {amount}。</translation>
    </message>
    <message>
        <source>With the sales just before, this is more than one sale may be.</source>
        <translation>和刚才几笔合起来，超过了一笔的上限。</translation>
    </message>
    <message>
        <source>One sale may have at most {most} of these high cards.</source>
        <translation>这种大面值卡一笔最多 {most} 张。</translation>
    </message>
    <message>
        <source>This is not sold to anyone so young.</source>
        <translation>年龄太小，不能卖。</translation>
    </message>
    <message>
        <source>At this age at most {amount} can be bought at a time.</source>
        <translation>这个年龄一次最多买 {amount}。</translation>
    </message>
    <message>
        <source>At this age at most {amount} can be bought in a month.</source>
        <translation>这个年龄一个月最多买 {amount}。</translation>
    </message>
    <message>
        <source>The customer&apos;s age must be asked for this.</source>
        <translation>要先问顾客的年龄。</translation>
    </message>
    <message>
        <source>From {amount} on an identity document must be seen.</source>
        <translation>满 {amount} 要先查看身份证件。</translation>
    </message>
    <message>
        <source>Someone told the customer to buy this. Scams begin so: sell nothing.</source>
        <translation>是别人叫顾客来买的，这正是诈骗的开头：不要卖。</translation>
    </message>
    <message>
        <source>This much is not sold at this hour.</source>
        <translation>这个时间不卖这么多。</translation>
    </message>
    <message>
        <source>A customer&apos;s first purchase stays below {amount}.</source>
        <translation>顾客第一次购买要低于 {amount}。</translation>
    </message>
    <message>
        <source>No top-up may go to this account.</source>
        <translation>这个账号不能充值。</translation>
    </message>
    <message>
        <source>The platform sells nothing to this customer.</source>
        <translation>平台不向这位顾客出售。</translation>
    </message>
    <message>
        <source>This customer has bought as much as is allowed.</source>
        <translation>这位顾客已买到上限。</translation>
    </message>
    <message>
        <source>This till has sold as much as is allowed.</source>
        <translation>这台收银台已卖到上限。</translation>
    </message>
    <message>
        <source>You have sold as much as one cashier may.</source>
        <translation>你已卖到一个收银员的上限。</translation>
    </message>
    <message>
        <source>As much of this product was sold as is allowed.</source>
        <translation>这种商品已卖到上限。</translation>
    </message>
    <message>
        <source>The shop has sold as much as is allowed.</source>
        <translation>本店已卖到上限。</translation>
    </message>
    <message>
        <source>The platform&apos;s limit is reached.</source>
        <translation>已到平台的上限。</translation>
    </message>
    <message>
        <source>This till cannot note that yet. Sell less, or not at all.</source>
        <translation>这台收银台还不能记录这一项。请少卖些，或者不卖。</translation>
    </message>
    <message>
        <source>The owner can sell it after signing in. Or sell less.</source>
        <translation>店主登录后可以卖，或者少卖些。</translation>
    </message>
    <message>
        <source>The disk is nearly full ({n} MB left), so no new sale begins. Refunds and slips go on. Make room on this PC.</source>
        <translation>磁盘快满了（只剩 {n} MB），不能开始新的销售；退款和打印照常。请在本机腾出空间。</translation>
    </message>
    <message>
        <source>There is no backup {name}. Nothing was changed. Choose one of the list.</source>
        <translation>没有备份 {name}。没有任何改动，请从列表中选择。</translation>
    </message>
    <message>
        <source>The till closes, so this was broken off. It is done the next time.</source>
        <translation>收银台正在关闭，此项已中止，下次会再做。</translation>
    </message>
    <message>
        <source>shift closed</source>
        <translation>交班</translation>
    </message>
    <message>
        <source>before an upgrade</source>
        <translation>升级前</translation>
    </message>
    <message>
        <source>made by hand</source>
        <translation>手动备份</translation>
    </message>
    <message>
        <source>The till&apos;s file is damaged. Nothing is sold or booked; what was booked can be read. Close the till, start it again, and put a backup back if it asks for it. Tell the owner.</source>
        <translation>账本文件已损坏。暂停销售和记账，已记的账可以查看。请关闭收银台后重新打开，如有提示则用备份恢复，并告诉店主。</translation>
    </message>
    <message>
        <source>The disk failed. Nothing is sold or booked; what was booked before is safe and can be read. Close the till and start it again. If this comes back, the disk must be looked at.</source>
        <translation>磁盘出错。暂停销售和记账，此前已记的账是安全的，可以查看。请关闭收银台后重新打开；如再次出现，必须检查磁盘。</translation>
    </message>
</context>
</TS>
