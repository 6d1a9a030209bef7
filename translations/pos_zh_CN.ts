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
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Are the books in order?</source>
        <translation>账本有没有问题？</translation>
    </message>
    <message>
        <source>Examining…</source>
        <translation>检查中…</translation>
    </message>
    <message>
        <source>Examine</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Every sale, code and figure on this till is checked. Nothing is changed.</source>
        <translation>逐笔核对本机的销售、卡密和金额，只看不改。</translation>
    </message>
</context>
<context>
    <name>Cart</name>
    <message>
        <source>Empty</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Total</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>Take payment</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Back to the basket</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Scan a card, or type a name or a phone number</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>1 item</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{n} items</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Basket</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>↑ ↓ line   + − quantity   Del remove</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Chips</name>
    <message>
        <source>Often sold</source>
        <translation type="unfinished" />
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
    <message>
        <source>Cash</source>
        <translation>现金</translation>
    </message>
</context>
<context>
    <name>DayPageView</name>
    <message>
        <source>The day's sales</source>
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
        <source>The day's figures open with the owner's PIN, and close when the page is left.</source>
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
        <source>Saving…</source>
        <translation>正在导出…</translation>
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>Print again</source>
        <translation>补打</translation>
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
        <source>The next scan starts the next sale.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Give the money back</source>
        <translation>退钱给顾客</translation>
    </message>
    <message>
        <source>Paid, the code is on its way</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Paid, a slip is missing</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Paid, printing…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Paid, the top-up is on its way</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Handed over</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{why} It waits under To do.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Did the slip come out readable? Printing broke off: {cause}.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform does not answer. The money is safe; the code will follow by itself.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>FieldsForm</name>
    <message>
        <source>Go on</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Nobody needs a password for this. Never ask for one.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{field} (if any)</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>FirstOwnerPage</name>
    <message>
        <source>Welcome. Who owns this shop?</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The owner sees the day's figures and adds the others. Take a PIN of six digits or more.</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>Please type the owner's name.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The two PINs differ. Please type both once more.</source>
        <translation type="unfinished" />
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
    <name>HandOver</name>
    <message>
        <source>Not yet</source>
        <translation>先不退</translation>
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
        <source>The customer has it</source>
        <translation>已交给顾客</translation>
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
    <name>LineTable</name>
    <message>
        <source>new price {money}</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>Take it back</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform does not answer, so nothing was sold. Take no money yet; try again in a moment.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The basket from before is back. No money was taken for it.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>A slip of the sale before did not come out. It waits under To do; the sale is safe.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The sale before still waits for the platform. The money is safe; the code follows by itself.</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The till cannot open yet</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Something went wrong in the program</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>What was booked is safe on disk. It was written to the log; tell whoever looks after the till: {bug}.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Opening the till…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>A moment, please.</source>
        <translation type="unfinished" />
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
</context>
<context>
    <name>PayPanel</name>
    <message>
        <source>Cash</source>
        <translation>现金</translation>
    </message>
    <message>
        <source>To pay</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Received</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Change</source>
        <translation>找零</translation>
    </message>
    <message>
        <source>Handed over</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Exact</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Letting the goods go…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Asking the platform…</source>
        <translation>正在问平台…</translation>
    </message>
    <message>
        <source>Booking…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Book it</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Exact, book it</source>
        <translation type="unfinished" />
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
        <source>The person's name</source>
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>China Mobile</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>China Unicom</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>China Telecom</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>China Broadnet</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>carrier not known</source>
        <translation type="unfinished" />
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
        <source>Printing…</source>
        <translation>打印中…</translation>
    </message>
    <message>
        <source>Print a test slip</source>
        <translation>打印测试小票</translation>
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>{n} left</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Sell</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Sales</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>To do</source>
        <translation>待办</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Day</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>ReadBackPanel</name>
    <message>
        <source>Read it to the customer. A top-up cannot be taken back.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That is right, add it</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Change it</source>
        <translation type="unfinished" />
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
        <source>Cash received</source>
        <translation>收现金</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>找零</translation>
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
        <source>Receipt number, amount, phone's last four, or 14:30</source>
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
        <source>People</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>About this till</source>
        <translation>关于本机</translation>
    </message>
    <message>
        <source>The till's file is sound</source>
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
        <source>The closing slip is printing…</source>
        <translation>正在打印交班单…</translation>
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
        <translation type="unfinished" />
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
        <source>It is printing…</source>
        <translation>正在打印…</translation>
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>Sign in</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>← → choose a person, then type the PIN</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>PIN</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>This is a demo. PINs:  {pins}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Too many wrong PINs. {name} can try again in {time}.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Slips</name>
    <message>
        <source>Code slip {n} of {all}</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>printing…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>lost, printed again</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>printed</source>
        <translation>已打印</translation>
    </message>
    <message>
        <source>please look</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>topped up</source>
        <translation>充值成功</translation>
    </message>
    <message>
        <source>failed, give the money back</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>on its way</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message>
        <source>{n} unsent</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>all sent</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>clock is {n} min wrong</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>asking…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>line up</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>line down</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>wallet low {money}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>wallet {money}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{held} of {total} products</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{held} of {total} products, as of {time}</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>TillPage</name>
    <message>
        <source>Scan, or type a name, pinyin or a phone number</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Keypad</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Todo</name>
    <message>
        <source>{what} and {n} more</source>
        <translation>{what} 等，另有 {n} 项</translation>
    </message>
    <message>
        <source>Give the money back</source>
        <translation>退钱给顾客</translation>
    </message>
    <message>
        <source>It could not be delivered and never will be. The money is the customer's.</source>
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
        <source>Ask now</source>
        <translation>马上问平台</translation>
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
        <source>No money was taken. The till tells it by itself.</source>
        <translation>没有收钱，收银台会自动通知。</translation>
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
</context>
<context>
    <name>TodoCard</name>
    <message>
        <source>No, print it again</source>
        <translation>没有，再打一张</translation>
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
        <source>Asking the platform…</source>
        <translation>正在问平台…</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>Cashier</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Supervisor</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Owner</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Monday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Tuesday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Wednesday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Thursday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Friday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Saturday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Sunday</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>January</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>February</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>March</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>April</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>May</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>June</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>July</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>August</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>September</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>October</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>November</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>December</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{weekday} {day} {month}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>just now</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>1 minute ago</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{minutes} minutes ago</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This product</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That PIN is not right. One try is left before a pause.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That PIN is not right. {tries} tries are left before a pause.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Too many wrong PINs. This person can sign in again at {time}.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This needs a supervisor's PIN. Nothing was changed.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Only a supervisor may see a code. Ask one to enter a PIN.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The day's figures are for the owner's PIN.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Only a supervisor or the owner may change this.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>You may not do this. Ask a supervisor. Nothing was changed.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Please say why: it is kept in the books. Nothing was done yet.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This person can no longer sign in here. Ask the owner.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That PIN is too easy. Take {digits} digits that are no run and not all alike.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No product has the barcode {barcode}. Nothing was added. Look for it by name.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Nothing is called “{text}”. Try fewer letters or the first letters of pinyin.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{text} is too long for a quantity. Nothing was changed. Scan it once more.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Not {text}: this sells in steps of {step}, from {least} to {most}.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Not {text}: the quantity can be {least} to {most}. Nothing was changed.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That is no mobile number. Please read all 11 digits again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That is no QQ number: 5 to 11 digits, the first is not 0.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Only digits here. Please check the account once more.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That is no e-mail address. Please check it once more.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That cannot be an account. Please check it once more.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That is a payment code, but nothing is in the basket yet. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This till takes cash only. No money was taken from the customer's wallet.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The basket is empty. Scan something first.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{product}: only {left} left, {wanted} wanted. No money was taken. Sell fewer.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{product} is sold out. No money was taken. Offer another face value.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{product} has a new price. No money was taken. Tell the customer, then pay again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{product} is no longer sold. No money was taken. It has left the basket.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform's limit is reached. No money was taken. Sell fewer, or later.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform allows at most {most}. No money was taken. Sell fewer, or later.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The shop's wallet has {available}, this needs {needed}. No money was taken. Ask the owner to fill it.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{missing} are missing: {received} of {total}. Nothing was booked yet.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>“{text}” is no sum of money that a till can take. Nothing was booked.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No shift is open. Count the opening cash and open it, then go on.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{name}'s shift is already open. Go on in it, or close it first.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This sale has moved on in the meantime. Nothing was done twice. Look at it again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This till has no such sale. Check the number.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The till no longer keeps this code. The platform still does: ask its support.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This code does not open on this till. The money is safe. Ask the platform's support.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This till belongs to no platform yet. Enter the code from the platform's operator.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>That code is mistyped or was used before. Check each sign, or ask for a new one.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform cannot be reached. Nothing is lost; the till asks again by itself.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform does not answer. Nothing is lost; the till asks again by itself.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Something other than the platform answered. Nothing is lost. Check whether the network wants a sign-in.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform has trouble of its own. Nothing is lost; the till asks again by itself.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The answer was not signed by our platform, so it does not count. Nothing is lost. Tell the owner.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform is busy. Nothing is lost; the till asks again in a moment.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>There was no usable answer. Nothing is lost; the till asks again by itself.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This PC's clock is wrong. Set it, then try again. Nothing was lost.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform has shut this till out. Nothing was lost. Ask the owner.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The goods were no longer set aside and are sold out now. Give the customer the money back.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This sale was cancelled at the platform. No code will come of it.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Another PC sells as this till. Nothing was lost. Ask the owner to enrol this one again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform asks for a short pause. Nothing was lost. Try again soon.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform is closed for a moment. Nothing was lost. Try again soon.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform is still at it. Nothing is lost; the till asks again by itself.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform does not allow this any more. Nothing was changed.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform does not know this. Nothing was changed. Ask its support.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform did not answer, so the sale was let go. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The till was started anew, so the sale was let go. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Sold out. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The price has changed. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No longer sold. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The shop's wallet was too low. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform's limit was reached. No money was taken.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform refused ({code}). Nothing was lost. Tell the owner.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The till's file is damaged, so nothing more is written to it. Keep {path} and put a backup in its place.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{path} was not made by this till, or with another key. It was left as it is. Choose another folder.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{path} was written by a newer till. It was left as it is. Install the newer program.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The disk is full, so this was not booked. Make room near {path}, then try again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The till may not write to {path}, so this was not booked. Give it leave.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The disk failed at {path}, so this was not booked. What was booked before is safe.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The till is already open on this PC. Go on in its window.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The books at {path} are here, their keys are not. Bring the keys back from the backup.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>no printer is set up</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the printer is not there</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the till may not use the printer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the printer is busy or refuses</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the printer does not answer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the paper is used up</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the printer's cover is open</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the printer is off line</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the connection broke off while printing</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the code does not open on this till</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the till stopped while printing</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the printer failed</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Printing broke off: {cause}. The sale is safe. Look whether the slip came out.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Nothing was printed: {cause}. The sale is safe. Put it right, then print again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Another program uses the platform's files. Nothing was lost. Close it, try again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform's file is damaged. It was left as it is. Put a backup in its place.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform on this PC takes too long to start. Nothing was lost. Try again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The platform on this PC ended at once. Nothing was lost. Try again, or tell the owner.</source>
        <translation type="unfinished" />
    </message>
</context>
</TS>
